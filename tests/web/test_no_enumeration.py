"""
Whether somebody has an account is told by nothing: answer, headers, statements, hashes.

Every state is asked about by an address of the same length, so that even lengths must agree.
`bench/enumeration.py` measures the times.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts import policies as limits
from mooring.accounts.entrance.hashing import Argon2id
from mooring.accounts.models import Account, Code, SignUp, User
from mooring.kernel import clock
from mooring.notices.models import Notice
from mooring.web import terms

from .conftest import OPENING, PASSWORD

pytestmark = pytest.mark.django_db

#: Who is asked about, and whether the password that is typed is theirs.
STATES = {
    "unknown": PASSWORD,
    "wrong_password": "not the password at all",
    "disabled": PASSWORD,
    "closed": PASSWORD,
    "blocked": PASSWORD,
    "no_password": PASSWORD,
    "not_a_customer": PASSWORD,
}
LOG_IN, SIGN_UP, RESET = "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"
RECOVERY = "/recovery"


@dataclass(frozen=True)
class Seen:
    """All that a stranger sees of an answer, and all that it cost."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, dict[str, str]]
    body: str
    statements: tuple[str, ...]
    hashes: int


@pytest.fixture(autouse=True)
def _as_in_production(settings, db: None) -> None:
    settings.PASSWORD_HASHERS = ["mooring.accounts.entrance.hashing.Argon2id"]
    # The first log-in of a process makes the hash of nobody's password, whoever it is about.
    _log_in(Client(), "first@example.com", "unknown")


@pytest.fixture
def people(db: None) -> None:
    """Write somebody in each state but the unknown one, each with an address and a number."""
    for number, state in enumerate(STATES):
        if state == "unknown":
            continue
        user = User(email=_email(state), phone=_phone(number))
        user.set_password(PASSWORD)
        if state == "no_password":
            user.set_unusable_password()
        user.is_active = state != "blocked"
        user.save()
        if state != "not_a_customer":
            with transaction.atomic():
                accounts.open_account_of(user, at=OPENING)
    _move("disabled", status="DISABLED", disabled_at=clock.now())
    _move("closed", status="CLOSED", closed_at=clock.now())


def test_log_in(people: None) -> None:
    """By address and by number, below the limit and above it."""
    for identifier in (_emails(), _phones()):
        seen = {
            state: _see(partial(_log_in, identifier=identifier[state], state=state))
            for state in STATES
        }
        _assert_alike(seen)
        assert seen["unknown"].hashes == 1


def test_log_in_with_the_budget_used_up(people: None) -> None:
    limit = limits.PASSWORD_TRIES_UNKNOWN.default // 3
    for state in STATES:
        for _try in range(limit):
            _use_up(_email(state))
    seen = {
        state: _see(lambda browser, state=state: _log_in(browser, _email(state), state))
        for state in STATES
    }
    _assert_alike(seen)
    assert seen["unknown"].hashes == 0
    fresh = _see(lambda browser: _log_in(browser, "frida@example.com", "unknown"))
    assert fresh.status == seen["unknown"].status
    assert _plain(fresh.body) == _plain(seen["unknown"].body)


def test_sign_up(people: None) -> None:
    for identifier in (_emails(), _phones()):
        seen = {
            state: _see(
                lambda browser, who=identifier[state]: browser.post(
                    SIGN_UP, {"identifier": who, "password": PASSWORD, "terms": terms.VERSION}
                )
            )
            for state in STATES
        }
        _assert_alike(seen)
        assert seen["unknown"].hashes == 1
    assert SignUp.objects.count() == 2 * len(STATES)
    assert Notice.objects.count() == 2 * 2 * len(STATES), "the code, and that there is an account"


def test_the_code_page_of_sign_up_and_a_wrong_code(people: None) -> None:
    path = "/accounts/signup/code/"

    def start(browser: Client, state: str) -> None:
        sent = {"identifier": _email(state), "password": PASSWORD, "terms": terms.VERSION}
        browser.post(SIGN_UP, sent)

    for step in (lambda browser: browser.get(path), lambda browser: browser.post(path, WRONG)):
        _assert_alike({state: _see(step, before=start, state=state) for state in STATES})


def test_another_code_for_a_sign_up(people: None) -> None:
    def start(browser: Client, state: str) -> None:
        sent = {"identifier": _email(state), "password": PASSWORD, "terms": terms.VERSION}
        browser.post(SIGN_UP, sent)

    def step(browser: Client) -> HttpResponse:
        return browser.post("/accounts/signup/resend/")

    _assert_alike({state: _see(step, before=start, state=state) for state in STATES})


def test_asking_for_a_new_password(people: None) -> None:
    for identifier in (_emails(), _phones()):
        seen = {
            state: _see(
                lambda browser, who=identifier[state]: browser.post(RESET, {"identifier": who})
            )
            for state in STATES
        }
        _assert_alike(seen)
    assert Code.objects.count() == Notice.objects.count() == 2 * len(STATES)


def test_the_code_page_of_a_new_password_and_a_wrong_code(people: None) -> None:
    path = "/accounts/password/reset/code/"

    def start(browser: Client, state: str) -> None:
        browser.post(RESET, {"identifier": _email(state)})

    for step in (lambda browser: browser.get(path), lambda browser: browser.post(path, WRONG)):
        _assert_alike({state: _see(step, before=start, state=state) for state in STATES})


def test_tries_of_a_new_password_that_are_used_up(people: None) -> None:
    path = "/accounts/password/reset/code/"

    def start(browser: Client, state: str) -> None:
        browser.post(RESET, {"identifier": _email(state)})
        for _try in range(6):
            browser.post(path, WRONG)

    def step(browser: Client) -> HttpResponse:
        return browser.post(path, WRONG)

    _assert_alike({state: _see(step, before=start, state=state) for state in STATES})


def test_asking_for_an_account_back(people: None) -> None:
    """A disabled account gets its code, a closed one none: neither answer nor work tells."""
    for identifier in (_emails(), _phones()):
        seen = {
            state: _see(
                lambda browser, who=identifier[state]: browser.post(RECOVERY, {"identifier": who})
            )
            for state in STATES
        }
        _assert_alike(seen)
    assert Code.objects.count() == 2 * len(STATES)
    assert Notice.objects.count() == 3 * len(STATES), "for a number, both mail and SMS"
    assert {len(digest) for digest in Code.objects.values_list("link_digest", flat=True)} == {64}


def test_a_wrong_code_of_a_recovery(people: None) -> None:
    """Also when the tries are used up: by then the same is done with a code nobody typed."""
    asked: dict[int, str] = {}

    def start(browser: Client, state: str, tries: int) -> None:
        answer = browser.post(RECOVERY, {"identifier": _email(state)})
        asked[id(browser)] = answer.headers["Location"]
        for _try in range(tries):
            browser.post(asked[id(browser)], WRONG)

    for tries in (0, 6):
        seen = {
            state: _see(
                lambda browser: browser.post(asked[id(browser)], WRONG),
                before=partial(start, tries=tries),
                state=state,
            )
            for state in STATES
        }
        _assert_alike(seen)
        assert seen["unknown"].hashes == 0


def test_a_network_that_is_used_up_hears_the_same_about_everybody(
    people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is about the asker's network: 429, and nothing was looked up."""
    monkeypatch.setattr(
        "mooring.accounts.entrance.throttle.take", lambda *_budgets, **_times: False
    )
    for path, extra in ((SIGN_UP, {"password": PASSWORD, "terms": terms.VERSION}), (RESET, {})):
        seen = {
            state: _see(
                lambda browser, state=state, path=path, extra=extra: browser.post(
                    path, {"identifier": _email(state), **extra}
                )
            )
            for state in STATES
        }
        _assert_alike(seen)
        assert seen["unknown"].status == 429


WRONG = {"code": "not a code"}
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _assert_alike(seen: dict[str, Seen]) -> None:
    """Hold every state against the unknown one, part by part, so that a difference is named."""
    unknown = seen["unknown"]
    for state, found in seen.items():
        assert found.status == unknown.status, state
        assert found.headers == unknown.headers, state
        assert found.cookies == unknown.cookies, state
        assert _plain(found.body) == _plain(unknown.body), state
        assert found.statements == unknown.statements, state
        assert found.hashes == unknown.hashes, state


def _see(
    ask: Callable[[Client], HttpResponse],
    *,
    before: Callable[[Client, str], object] | None = None,
    state: str = "",
) -> Seen:
    """Ask in a new browser, which has seen the page before; each in a database like the last's."""
    browser = Client()
    browser.get(LOG_IN)
    if before is not None:
        before(browser, state)
    with _counted_hashes() as hashes, _recorded_statements() as statements:
        answer = ask(browser)
    return Seen(
        status=answer.status_code,
        headers={
            name: _ID.sub("", text) for name, text in answer.headers.items() if name != "Expires"
        },
        cookies={
            name: {key: str(value) for key, value in morsel.items() if key != "expires"}
            for name, morsel in answer.cookies.items()
        },
        body=answer.content.decode(),
        statements=tuple(statements),
        hashes=len(hashes),
    )


@contextmanager
def _recorded_statements() -> Iterator[list[str]]:
    found: list[str] = []

    def record(execute, sql, params, many, context):
        # Savepoints have numbers of their own.
        found.append(re.sub(r'"s\d+_x\d+"', "savepoint", str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield found


@contextmanager
def _counted_hashes() -> Iterator[list[str]]:
    found: list[str] = []
    patch = pytest.MonkeyPatch()
    for name in ("encode", "verify"):
        plain = getattr(Argon2id, name)

        def counted(self, *arguments, _name=name, _plain=plain):
            found.append(_name)
            return _plain(self, *arguments)

        patch.setattr(Argon2id, name, counted)
    with patch.context():
        try:
            yield found
        finally:
            patch.undo()


def _log_in(browser: Client, identifier: str, state: str) -> HttpResponse:
    return browser.post(LOG_IN, {"login": identifier, "password": STATES[state]})


def _use_up(identifier: str) -> None:
    """Take one try without its hash."""
    from mooring.accounts.entrance import throttle

    budgets = throttle.password_budgets(identifier, "203.0.113.9", None)
    throttle.take(*budgets, wall=clock.wall(), at=clock.now())


def _plain(body: str) -> str:
    """Drop the tokens that are new in each page, what was typed, and the time."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w{64}"', "", _ID.sub("", body))
    body = re.sub(r"\d\d:\d\d(:\d\d[.\d]*)?", "", body)
    return re.sub(r"[\w.]+@example\.com|\+?49 ?\d[\d ]+", "", body)


def _emails() -> dict[str, str]:
    return {state: _email(state) for state in STATES}


def _phones() -> dict[str, str]:
    return {state: _phone(number) for number, state in enumerate(STATES)}


def _email(state: str) -> str:
    return f"{state:x<14}@example.com"


def _phone(number: int) -> str:
    return f"+4915123456{number:03}"


def _move(state: str, **changes: object) -> None:
    Account.objects.filter(user__email=_email(state)).update(**changes)
