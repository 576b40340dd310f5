"""
Who may reach what: a row for every address of the site.

A new address without a row fails, and so does a row without its address. The requests of
`test_object_matrix` are made from this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.urls import reverse


class Visitor(StrEnum):
    """Who asks. What is somebody's own is the owner's."""

    ANONYMOUS = "anonymous"
    OTHER = "another customer"
    HALFWAY = "the owner, without the second factor"
    ENDED = "the session of an account that was disabled since"
    STAFF = "staff without a second factor"
    REVIEWER = "staff with a second factor"
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
    PEOPLE = "members and staff"
    REVIEWERS = "reviewers"
    HALF_IN = "who is between password and log-in"


#: Whom it is for x who asks, where the object is theirs or there is none.
EXPECTED: Mapping[Who, Mapping[Visitor, Answer]] = {
    Who.EVERYBODY: dict.fromkeys(Visitor, Answer.PAGE),
    Who.MEMBERS: {
        Visitor.ANONYMOUS: Answer.LOG_IN,
        Visitor.OTHER: Answer.PAGE,
        Visitor.HALFWAY: Answer.LOG_IN,
        Visitor.ENDED: Answer.LOG_IN,
        Visitor.STAFF: Answer.FORBIDDEN,
        Visitor.REVIEWER: Answer.FORBIDDEN,
        Visitor.OWNER: Answer.PAGE,
    },
    Who.PEOPLE: {
        **dict.fromkeys(Visitor, Answer.PAGE),
        **dict.fromkeys((Visitor.ANONYMOUS, Visitor.HALFWAY, Visitor.ENDED), Answer.LOG_IN),
    },
    # For everybody but staff there is no such address.
    Who.REVIEWERS: {
        **dict.fromkeys(Visitor, Answer.ABSENT),
        Visitor.STAFF: Answer.FORBIDDEN,
        Visitor.REVIEWER: Answer.PAGE,
    },
    # Who is logged in is led on.
    Who.HALF_IN: {
        **dict.fromkeys(Visitor, Answer.PAGE),
        **dict.fromkeys((Visitor.ANONYMOUS, Visitor.ENDED), Answer.LOG_IN),
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
        shows: to whom it shows what is the owner's, besides the owner.
        differs: visitors who get something else than `who` says, and why is in a comment.
    """

    name: str
    who: Who
    methods: frozenset[str] = GET
    thing: str = ""
    parameter: str = ""
    is_public: bool = False
    led_back: frozenset[str] = frozenset()
    shows: frozenset[Visitor] = frozenset()
    differs: Mapping[Visitor, Answer] = field(default_factory=dict)

    def expected(self, visitor: Visitor) -> Answer:
        """Return what the visitor gets for what is theirs."""
        return self.differs.get(visitor, EXPECTED[self.who][visitor])

    def expected_of_absent(self, visitor: Visitor, method: str) -> Answer:
        """Return what the visitor gets for what is another's, and for what there is not."""
        expected = self.expected(visitor)
        is_told = expected is Answer.PAGE and method not in self.led_back
        return Answer.ABSENT if is_told else expected


BOTH = GET | POST


#: Stands for the id when an address is written.
_NUMBER, _TEXT, _ID = 4242, "SLOT" * 6, UUID("00000000-0000-4000-8000-000000004242")
_SLOTS = {"code": _TEXT, "token": _TEXT, "step_up_id": _ID, "code_id": _ID}


def address(row: Row, typed: str = "") -> str:
    """Return the address of a row with an id in it, as typed and no better."""
    if not row.thing:
        return reverse(row.name)
    slot = _SLOTS.get(row.parameter, _NUMBER)
    written = reverse(row.name, kwargs={row.parameter: slot})
    return written.replace(str(slot), typed) if typed else written


def _row(who: Who) -> Callable[..., Row]:
    return lambda name, methods=GET, thing="", parameter="", **about: Row(
        name, who, methods, thing, parameter, **about
    )


_open, _member, _person = _row(Who.EVERYBODY), _row(Who.MEMBERS), _row(Who.PEOPLE)
_review, _half_in = _row(Who.REVIEWERS), _row(Who.HALF_IN)
#: A stranger is led to the catalogue.
_OVERVIEW = dict.fromkeys((Visitor.ANONYMOUS, Visitor.HALFWAY, Visitor.ENDED), Answer.PAGE)
_DESK = frozenset({Visitor.REVIEWER})

ROWS = (
    # --- for everybody ---
    _open("home"),
    _open("search"),
    _open("search_suggestions"),
    _open("finance"),
    _open("markets"),
    _open("orders"),
    _open("status"),
    _open("help"),
    _open("terms"),
    _open("reference"),
    _open("developers"),
    _open("healthz"),
    _open("manifest"),
    _open("choose_language", POST),
    _open("choose_currency", POST),
    _open("choose_theme", POST),
    _open("sandbox_advance", POST),
    _open("sandbox_state"),
    # --- the way in ---
    _open("account_login", BOTH),
    _open("account_logout", BOTH),
    _open("account_signup", BOTH),
    _open("account_signup_code", BOTH),
    _open("account_signup_resend", POST),
    _open("account_reset_password", BOTH),
    _open("account_reset_code", BOTH),
    _open("account_reset_new", BOTH),
    # A link shows the same page whether it is good or not, until its button is pressed.
    _open("account_reset_link", BOTH, "reset_token", "token", is_public=True, led_back=BOTH),
    _half_in("account_factor", BOTH),
    # Not before the factor: who looks there early begins anew.
    _half_in("account_device", BOTH, differs={Visitor.HALFWAY: Answer.LOG_IN}),
    # --- the way back in: what it shows lies in the session, and begins with a code ---
    _open("recovery", BOTH),
    _open("recovery_check", BOTH, "recovery_code", "code_id", led_back=BOTH),
    _open("recovery_link", BOTH, "recovery_token", "token", is_public=True, led_back=BOTH),
    _open("recovery_state"),
    _open("recovery_password", POST),
    _open("recovery_ask", POST),
    _open("recovery_complete", POST),
    _open("recovery_cancel", BOTH, "cancel_token", "token", is_public=True),
    _member("own_recovery", BOTH),
    # --- wallet and Earn ---
    _member("wallet"),
    _member("wallet_asset", GET, "asset", "code", is_public=True),
    _member("earn", differs=_OVERVIEW),
    _member("staking", differs=_OVERVIEW),
    _member("flexible", differs=_OVERVIEW),
    _open("products"),
    _open("product", GET, "product", "code", is_public=True),
    _member("auto_subscribe", BOTH),
    _member("subscribe", BOTH, "product", "code", is_public=True, led_back=POST),
    _member("position", GET, "position", "position_id"),
    _member("maturity", POST, "position", "position_id"),
    _member("remind", GET, "position", "position_id"),
    _member("redeem", GET, "position", "position_id"),
    _member("confirm", BOTH, "position", "position_id", led_back=BOTH),
    _open("earn_asset", GET, "asset", "code", is_public=True),
    _member("redemptions"),
    _member("redemption", GET, "redemption", "redemption_id"),
    _member("undo", POST, "redemption", "redemption_id"),
    _member("history"),
    _member("history_csv"),
    # --- security ---
    _member("security"),
    _member("security_activity"),
    _member("step_up", BOTH, "step_up", "step_up_id"),
    _member("security_password", BOTH),
    _member("security_email", BOTH),
    _member("security_phone", BOTH),
    _member("security_contact_code", BOTH, "contact_code", "code_id"),
    _member("security_contact_remove", POST),
    _member("anti_phishing", BOTH),
    _member("security_language", BOTH),
    _member("disable", BOTH),
    _open("disabled"),
    # The link in a mail works for whoever holds the mail: it can only protect.
    _open("disable_link", BOTH, "disable_token", "token", is_public=True),
    _member("security_factors"),
    _member("factor_add_app", BOTH),
    _member("factor_add_passkey", BOTH),
    _member("factor_rename", BOTH, "passkey", "factor_id"),
    _member("factor_remove", POST, "factor", "factor_id"),
    _member("factor_switch_codes", POST),
    _member("factor_recovery_codes", POST),
    _person("devices"),
    _person("end_other_sessions", POST),
    _person("revoke_device", POST, "device", "device_id"),
    _person("end_session", POST, "session", "session_id"),
    # --- keys ---
    _member("api_keys"),
    _member("api_key_create", BOTH),
    _member("api_key_revoke", BOTH, "key", "key_id"),
    # --- webhooks ---
    _member("webhooks", BOTH),
    _member("webhook", GET, "webhook", "webhook_id"),
    _member("webhook_ping", POST, "webhook", "webhook_id"),
    _member("webhook_end", BOTH, "webhook", "webhook_id"),
    _member("webhook_again", POST, "delivery", "delivery_id"),
    # --- notices ---
    _member("notices"),
    _member("notices_read", POST),
    _member("notice_read", POST, "notice", "notice_id"),
    _member("notice_preferences", BOTH),
    # A sandbox's people are invented: everybody reads everything that was sent.
    _open("sandbox_outbox", shows=frozenset(Visitor)),
    # --- questions ---
    _member("tickets"),
    _member("ticket_new", BOTH),
    _member("ticket", GET, "ticket", "ticket_id"),
    _review("staff_tickets", shows=_DESK),
    _review("staff_ticket_answer", POST, "ticket", "ticket_id", is_public=True, shows=_DESK),
    # --- verification ---
    _member("verification"),
    _member("verification_1", BOTH),
    _member("verification_2", BOTH),
    _member("verification_approve", POST),
    _review("staff_verification", shows=_DESK),
    _review("staff_case", GET, "case", "case_id", is_public=True, shows=_DESK),
    _review("staff_decide", POST, "case", "case_id", is_public=True, shows=_DESK),
    _review("staff_flag", POST, "account", "account_id", is_public=True, shows=_DESK),
    _review("staff_document", GET, "document", "document_id", is_public=True, shows=_DESK),
    _review("staff_recoveries", shows=_DESK),
    _review("staff_earn", shows=_DESK),
    _review("staff_earn_propose", BOTH),
    _review("staff_earn_decide", POST),
    _review("staff_earn_pause", POST),
    _review("staff_earn_window_end", POST),
    _review("staff_earn_product", GET, "product", "code", is_public=True, shows=_DESK),
    _review("staff_recovery_approve", POST, "recovery", "recovery_id", is_public=True, shows=_DESK),
)
