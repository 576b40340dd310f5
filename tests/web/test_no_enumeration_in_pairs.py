"""
Three hundred times a stranger asks about somebody and about nobody, in an order that a coin throws.

Every answer of a form is one and the same: body, status, headers and cookies.
`test_no_enumeration.py` compares statements and hashes for every state of an account.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts import policies as limits
from mooring.accounts.entrance import throttle
from mooring.accounts.models import Account, User
from mooring.kernel import clock
from mooring.policies import api as policies
from mooring.web import terms

from .conftest import OPENING

pytestmark = pytest.mark.django_db

PAIRS = 300
PASSWORD = "four random harbour words"
LOG_IN, SIGN_UP, RESET = "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"
RECOVERY = "/recovery"


@dataclass(frozen=True, kw_only=True)
class Form:
    """
    What is asked, and about whom.

    Args:
        fields: what is sent; `who` stands for the address or number.
        state: what is the matter with those who are known.
        is_code: the answer is that to a wrong code, which the form asks for first.
        is_used_up: no try at a password is left for strangers.
    """

    path: str
    fields: dict[str, str]
    state: str = "OPEN"
    by_phone: bool = False
    is_code: bool = False
    is_used_up: bool = False


_RIGHT = {"login": "who", "password": PASSWORD}
_WRONG = {"login": "who", "password": "not the password at all"}
_SIGN_UP = {"identifier": "who", "password": PASSWORD, "terms": terms.VERSION}
_WHO = {"identifier": "who"}
FORMS = {
    "log-in": Form(path=LOG_IN, fields=_WRONG),
    "log-in by number": Form(path=LOG_IN, fields=_WRONG, by_phone=True),
    "log-in with the budget used up": Form(path=LOG_IN, fields=_RIGHT, is_used_up=True),
    "log-in to a disabled account": Form(path=LOG_IN, fields=_RIGHT, state="DISABLED"),
    "log-in to a closed account": Form(path=LOG_IN, fields=_RIGHT, state="CLOSED"),
    "blocked log-in": Form(path=LOG_IN, fields=_RIGHT, state="BLOCKED"),
    "sign-up": Form(path=SIGN_UP, fields=_SIGN_UP),
    "code of a sign-up": Form(path=SIGN_UP, fields=_SIGN_UP, is_code=True),
    "reset": Form(path=RESET, fields=_WHO),
    "reset by number": Form(path=RESET, fields=_WHO, by_phone=True),
    "reset of a closed account": Form(path=RESET, fields=_WHO, state="CLOSED"),
    "code of a reset": Form(path=RESET, fields=_WHO, is_code=True),
    "recovery": Form(path=RECOVERY, fields=_WHO),
    "recovery by number": Form(path=RECOVERY, fields=_WHO, by_phone=True),
    "recovery of a closed account": Form(path=RECOVERY, fields=_WHO, state="CLOSED"),
    "code of a recovery": Form(path=RECOVERY, fields=_WHO, is_code=True),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_answer_is_the_same(name: str, settings) -> None:
    # What a hash costs is measured elsewhere.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    form = FORMS[name]
    if form.is_used_up:
        _allow_few_tries()
    ask = _asking(form)
    seen: dict[tuple[object, ...], set[bool]] = {}
    for number, people in enumerate(_pairs(form)):
        for is_known in random.sample([True, False], 2):
            which = 2 * number + is_known
            answer = ask(people[is_known], f"10.0.{which // 256}.{which % 256}")
            seen.setdefault(_read(answer), set()).add(is_known)
    assert len(seen) == 1, _difference(*list(seen)[:2])


def _asking(form: Form) -> Callable[[str, str], HttpResponse]:
    # One for all, because a new one sets the product up anew.
    browser = Client()

    def ask(who: str, ip: str) -> HttpResponse:
        browser.cookies.clear()
        if form.is_used_up:
            _use_up(who, ip)
        fields = {key: who if text == "who" else text for key, text in form.fields.items()}
        answer = browser.post(form.path, fields, REMOTE_ADDR=ip)
        if not form.is_code:
            return answer
        return browser.post(answer.headers["Location"], {"code": "not a code"}, REMOTE_ADDR=ip)

    return ask


def _allow_few_tries() -> None:
    """Let a budget be used up by one try, so that using up six hundred is no work."""
    policies.set_policy(
        limits.PASSWORD_TRIES_UNKNOWN,
        1,
        effective_from=OPENING,
        author="operator",
        reason="a short test",
        at=OPENING - timedelta(days=1),
    )


def _use_up(who: str, ip: str) -> None:
    budgets = throttle.password_budgets(who, ip, None)
    while throttle.take(*budgets, wall=clock.wall(), at=clock.now()):
        pass


def _pairs(form: Form) -> list[tuple[str, str]]:
    """Return for each pair who has no log-in, and who has one; alike but for a sign."""
    signs = [random.sample("34", 2) for _ in range(PAIRS)]
    emails = [[f"who{sign}{n:03}@example.com" for sign in two] for n, two in enumerate(signs)]
    phones = [[f"+491512{sign}{n:06}" for sign in two] for n, two in enumerate(signs)]
    is_active = form.state != "BLOCKED"
    with transaction.atomic():
        for (_, email), (_, phone) in zip(emails, phones, strict=True):
            user = User(email=email, phone=phone, is_active=is_active)
            user.set_password(PASSWORD)
            user.save()
            accounts.open_account_of(user, at=OPENING)
        if form.state == "DISABLED":
            Account.objects.update(status="DISABLED", disabled_at=OPENING)
        if form.state == "CLOSED":
            Account.objects.update(status="CLOSED", closed_at=OPENING)
    return [(nobody, somebody) for nobody, somebody in (phones if form.by_phone else emails)]


def _read(answer: HttpResponse) -> tuple[object, ...]:
    """Return all that is seen of an answer, without what is new in each: tokens, ids, the time."""
    cookies = tuple(
        (name, *sorted((key, str(value)) for key, value in morsel.items() if key != "expires"))
        for name, morsel in sorted(answer.cookies.items())
    )
    headers = tuple(
        (name, _plain(text)) for name, text in sorted(answer.headers.items()) if name != "Expires"
    )
    return answer.status_code, headers, cookies, _plain(answer.content.decode())


def _difference(one: tuple[object, ...], other: tuple[object, ...]) -> str:
    """Return where two answers part, with a little of what stands around it."""
    texts = (str(one), str(other))
    alike = takewhile(lambda two: two[0] == two[1], zip(*texts, strict=False))
    place = sum(1 for _ in alike)
    return " / ".join(text[max(0, place - 60) : place + 60] for text in texts)


def _plain(text: str) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w{64}"', "", text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>", text)
    text = re.sub(r"\d\d:\d\d(:\d\d[.\d]*)?", "", text)
    return re.sub(r"who\d+@example\.com|\+49 ?\d[\d ]+", "<who>", text)
