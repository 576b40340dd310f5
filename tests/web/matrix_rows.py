"""
Who may reach what: a row for every address of the site.

A new address without a row fails, and so does a row without its address. The requests of
`test_object_matrix` are made from this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Visitor(StrEnum):
    """Who asks. What is somebody's own is the owner's."""

    ANONYMOUS = "anonymous"
    OTHER = "another customer"
    HALFWAY = "the owner, without the second factor"
    ENDED = "the session of an account that was disabled since"
    STAFF = "staff without a second factor"
    OWNER = "the owner"


class Answer(StrEnum):
    """What an answer amounts to."""

    PAGE = "a page"
    LOG_IN = "sent to log in"
    ABSENT = "nothing there"
    FORBIDDEN = "not for this log-in"
    NOT_ALLOWED = "not by this method"
    FAILED = "a fault of ours"


class Who(StrEnum):
    """Whom an address is for."""

    EVERYBODY = "everybody"
    MEMBERS = "members"
    STAFF = "staff"


#: Whom it is for x who asks, where the object is theirs or there is none.
EXPECTED: Mapping[Who, Mapping[Visitor, Answer]] = {
    Who.EVERYBODY: dict.fromkeys(Visitor, Answer.PAGE),
    Who.MEMBERS: {
        Visitor.ANONYMOUS: Answer.LOG_IN,
        Visitor.OTHER: Answer.PAGE,
        Visitor.HALFWAY: Answer.LOG_IN,
        Visitor.ENDED: Answer.LOG_IN,
        Visitor.STAFF: Answer.FORBIDDEN,
        Visitor.OWNER: Answer.PAGE,
    },
    Who.STAFF: {
        Visitor.ANONYMOUS: Answer.LOG_IN,
        Visitor.OTHER: Answer.FORBIDDEN,
        Visitor.HALFWAY: Answer.LOG_IN,
        Visitor.ENDED: Answer.LOG_IN,
        Visitor.STAFF: Answer.FORBIDDEN,
        Visitor.OWNER: Answer.FORBIDDEN,
    },
}

GET = frozenset({"GET", "HEAD"})
POST = frozenset({"POST"})


@dataclass(frozen=True)
class Row:
    """
    An address.

    Args:
        name: as `reverse` knows it.
        who: whom it is for.
        methods: those it answers; every other is refused.
        thing: what the id in it names (`matrix_world.things`); empty: it has none.
        parameter: the name of that id in the address.
        is_public: the thing is nobody's: everybody sees the same.
        led_back: methods that need what an earlier page gave, and without it lead back to that
            page whatever the id; it is that page which looks.
        differs: visitors who get something else than `who` says, and why is in a comment.
    """

    name: str
    who: Who
    methods: frozenset[str] = GET
    thing: str = ""
    parameter: str = ""
    is_public: bool = False
    led_back: frozenset[str] = frozenset()
    differs: Mapping[Visitor, Answer] = field(default_factory=dict)

    def expected(self, visitor: Visitor) -> Answer:
        """Return what the visitor gets for what is theirs."""
        return self.differs.get(visitor, EXPECTED[self.who][visitor])

    def expected_of_absent(self, visitor: Visitor, method: str) -> Answer:
        """Return what the visitor gets for what is another's, and for what there is not."""
        expected = self.expected(visitor)
        is_told = expected is Answer.PAGE and method not in self.led_back
        return Answer.ABSENT if is_told else expected


def _open(name: str, methods: frozenset[str] = GET, **about: object) -> Row:
    return Row(name, Who.EVERYBODY, methods, **about)  # type: ignore[arg-type]


def _member(name: str, methods: frozenset[str] = GET, **about: object) -> Row:
    return Row(name, Who.MEMBERS, methods, **about)  # type: ignore[arg-type]


#: A stranger is led to the catalogue.
_OVERVIEW = dict.fromkeys((Visitor.ANONYMOUS, Visitor.HALFWAY, Visitor.ENDED), Answer.PAGE)

ROWS = (
    _open("home"),
    _open("search"),
    _open("search_suggestions"),
    _open("finance"),
    _open("markets"),
    _open("orders"),
    _open("status"),
    _open("help"),
    _open("terms"),
    _open("healthz"),
    _open("manifest"),
    _open("choose_language", POST),
    _open("choose_currency", POST),
    _open("choose_theme", POST),
    _open("sandbox_advance", POST),
    _open("sandbox_state"),
    _open("sandbox_mail"),
    _member("wallet"),
    _member("wallet_asset", thing="asset", parameter="code", is_public=True),
    _member("earn", differs=_OVERVIEW),
    _member("staking", differs=_OVERVIEW),
    _member("flexible", differs=_OVERVIEW),
    _open("products"),
    _member(
        *("subscribe", GET | POST),
        thing="product",
        parameter="code",
        is_public=True,
        led_back=POST,
    ),
    _member("position", thing="position", parameter="position_id"),
    _member("remind", thing="position", parameter="position_id"),
    _member("redeem", thing="position", parameter="position_id"),
    _member(
        *("confirm", GET | POST), thing="position", parameter="position_id", led_back=GET | POST
    ),
    _open("earn_asset", thing="asset", parameter="code", is_public=True),
    _member("redemptions"),
    _member("redemption", thing="redemption", parameter="redemption_id"),
    _member("undo", POST, thing="redemption", parameter="redemption_id"),
    _member("history"),
    _member("history_csv"),
    _open("account_login", GET | POST),
    _open("account_logout", GET | POST),
    _open("account_signup", GET | POST),
)
