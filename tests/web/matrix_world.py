"""
The people of the object matrix and their browsers, and how a request of it is made.

Each request runs in a transaction that is rolled back: what one of them does, no other sees.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import unquote

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import Account, User
from mooring.kernel import clock
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet
from tests.web.matrix_rows import Answer, Visitor

from . import matrix_things
from .conftest import OPENING, PASSWORD, stake
from .matrix_things import ABSENT_NUMBERS, CANARIES, KINDS, MALFORMED_NUMBERS, Person
from .signing_in import sign_in

_BY_STATUS = {404: Answer.ABSENT, 405: Answer.NOT_ALLOWED, 403: Answer.FORBIDDEN}
#: What no two answers share: the token of their forms, and the moment.
_FLEETING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|\d{4}-\d\d-\d\dT[\d:.]+|\d\d:\d\d(:\d\d)? UTC'
)


@dataclass
class World:
    """Who there is, in which browser, and what is whose."""

    browsers: dict[Visitor, Client]
    #: thing -> whose ("owner", "other") -> its id, as it stands in an address.
    things: dict[str, dict[str, str]]

    def ask(self, visitor: Visitor, method: str, address: str) -> HttpResponse:
        """Return the answer to one request; whatever it did is undone."""
        browser = Client(raise_request_exception=False)
        browser.cookies.update(self.browsers[visitor].cookies)
        with undone():
            return browser.generic(method, address)  # type: ignore[return-value]

    @staticmethod
    def absent(thing: str) -> tuple[str, ...]:
        """Return ids that name nothing."""
        return KINDS[thing][0] if thing in KINDS else ABSENT_NUMBERS

    @staticmethod
    def malformed(thing: str) -> tuple[str, ...]:
        """Return texts that are no id."""
        return KINDS[thing][1] if thing in KINDS else MALFORMED_NUMBERS


@contextmanager
def undone() -> Iterator[None]:
    """Undo what happens inside, as the test itself will be undone."""
    block = transaction.atomic()
    # Or else an action, which begins its own transaction, would refuse to be inside this one.
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def build() -> World:
    """Make the people and their things."""
    _count_from_afar()
    browsers = {visitor: Client() for visitor in Visitor}
    owner, other = person(CANARIES["e-mail"]), person("other@example.com")
    people = {
        "owner": Person(owner, sign_in(browsers[Visitor.OWNER], owner), stake(owner)),
        "other": Person(other, sign_in(browsers[Visitor.OTHER], other), stake(other)),
    }
    _enrich(people["owner"])
    made = {
        whose: matrix_things.things_of(each, "canary" if whose == "owner" else "")
        for whose, each in people.items()
    }
    things = {thing: {whose: made[whose][thing] for whose in made} for thing in made["owner"]}
    ended = _let_in(browsers, owner)
    return World(
        browsers=browsers,
        things={
            **things,
            "asset": {"owner": "BTC"},
            "product": {"owner": "BTC001"},
            "recovery": {"owner": _way_back_of(ended)},
        },
    )


def person(email: str, *, is_staff: bool = False) -> User:
    """Make a log-in; staff have no account."""
    user = User(email=email, is_staff=is_staff)
    user.set_password(PASSWORD)
    user.save()
    if not is_staff:
        with transaction.atomic():
            accounts.open_account_of(user, at=OPENING)
    return user


def _enrich(owner: Person) -> None:
    credit = wallet.Credit(
        account_id=owner.staked.account_id,
        amount=Amount(Decimal(CANARIES["amount"]), "DOT"),
        key="canary",
    )
    wallet.credit([credit], at=clock.now())
    owner.user.phone = CANARIES["number"]
    owner.user.save(update_fields=["phone"])
    Account.objects.filter(id=owner.staked.account_id).update(
        anti_phishing_code=CANARIES["anti-phishing code"]
    )


def _way_back_of(disabled: User) -> str:
    return str(matrix_things.waiting(disabled.account.pk, "DISABLED", "token").pk)


def _let_in(browsers: dict[Visitor, Client], owner: User) -> User:
    """Log everybody else in, as far as they get; return who is disabled."""
    ended = person("ended@example.com")
    sign_in(browsers[Visitor.ENDED], ended)
    accounts.protection.disable_account(
        user_id=ended.pk, origin=None, wall=clock.wall(), at=clock.now()
    )
    staff = person("staff@example.com", is_staff=True)
    sign_in(browsers[Visitor.STAFF], staff)
    reviewer = person("reviewer@example.com", is_staff=True)
    matrix_things.give_factor(reviewer)
    sign_in(browsers[Visitor.REVIEWER], reviewer)
    told = browsers[Visitor.HALFWAY].post(
        "/accounts/login/", {"login": owner.email, "password": PASSWORD}
    )
    assert told.headers["Location"] == "/accounts/factor/"
    return ended


def _count_from_afar() -> None:
    """Let each table number its rows from far apart, so that an id is nothing else on a page."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "SELECT setval(s.oid, 100000000 + 1000003 * row_number() OVER (ORDER BY s.relname))"
            " FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace"
            " WHERE s.relkind = 'S' AND n.nspname = 'public'"
        )
        cursor.execute("SET ROLE mooring_app")


def amounts_to(response: HttpResponse) -> Answer:
    """Return what an answer amounts to."""
    if response.headers.get("Location", "").startswith("/accounts/login/"):
        return Answer.LOG_IN
    if response.status_code >= 500:
        return Answer.FAILED
    return _BY_STATUS.get(response.status_code, Answer.PAGE)


def body(response: HttpResponse) -> str:
    """Return the text of an answer, whole."""
    if getattr(response, "streaming", False):
        return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    return response.content.decode(errors="replace")


def alike(response: HttpResponse, typed: str) -> tuple[object, ...]:
    """Return all of an answer but what is fleeting and the id that was typed."""
    headers = {
        name: value.replace(typed, "ID")
        for name, value in response.headers.items()
        if name != "Content-Length"
    }
    text = _FLEETING.sub("", body(response))
    for written in {typed, unquote(typed)}:
        text = text.replace(written, "ID")
    return response.status_code, headers, sorted(response.cookies), text
