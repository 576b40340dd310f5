"""What protects a person's account, and how it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mooring.accounts import api as accounts
from mooring.gateway import api as gateway
from mooring.web.pages import activity, factor_words, hold_words
from mooring.web.pages import product_words as words
from mooring.web.pages.contacts import masked
from mooring.web.visit import PageRequest

_LATEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that is set: its name, its state, and the one way to change it."""

    name: str
    state: str
    url: str
    link: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """A hold as it is read: why, until when, and how much longer."""

    cause: str
    ends_at: datetime
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityPage:
    """Everything on one page; `held_until` is None where nothing waits."""

    log_in: tuple[Row, ...]
    factors: tuple[Row, ...]
    access: tuple[Row, ...]
    mails: tuple[Row, ...]
    identity: tuple[Row, ...]
    is_flagged: bool
    holds: tuple[HoldRow, ...]
    held_until: datetime | None
    latest: activity.ActivityPage


def person(request: PageRequest) -> accounts.Recipient:
    """Return how the person is reached, as they are confirmed."""
    user_id = request.visit.user_id
    return accounts.find_recipients([user_id])[user_id]


def overview(request: PageRequest) -> SecurityPage:
    """Return the page of who is logged in."""
    user_id, visit = request.visit.user_id, request.visit
    who = person(request)
    held_until = accounts.protection.withdrawals_held_until(visit.account_id, at=visit.at)
    verified = accounts.verification.find_verification_status(account_id=visit.account_id)
    return SecurityPage(
        log_in=_log_in(who),
        factors=(_factors(user_id),),
        access=_access(request, user_id),
        mails=_mails(who),
        identity=(_verification(verified.level),),
        is_flagged=verified.is_flagged,
        holds=_holds(accounts.protection.list_holds(visit.account_id, at=visit.at), visit.at),
        held_until=held_until,
        latest=activity.page_of(user_id=user_id, before=None, size=_LATEST),
    )


def _log_in(who: accounts.Recipient) -> tuple[Row, ...]:
    return (
        _contact(_("E-mail"), who.email, reverse("security_email")),
        _contact(_("Mobile number"), who.phone, reverse("security_phone")),
        Row(
            name=_("Password"),
            state=_("set"),
            url=reverse("security_password"),
            link=_("Change"),
            tone="good",
        ),
    )


def _contact(name: str, contact: str, url: str) -> Row:
    return Row(
        name=name,
        state=masked(contact) or _("none"),
        url=url,
        link=_("Change") if contact else _("Add"),
        tone="good" if contact else "",
    )


def _factors(user_id: int) -> Row:
    names = dict.fromkeys(
        factor_words.name_of(view.factor) for view in accounts.proofs.list_factors(user_id)
    )
    return Row(
        name=_("Second factors"),
        state=_join(names) or _("none yet: a code by e-mail or SMS stands in"),
        url=reverse("security_factors"),
        link=_("Manage"),
        tone="good" if names else "wait",
    )


def _access(request: PageRequest, user_id: int) -> tuple[Row, ...]:
    visit = request.visit
    log_ins = len(
        accounts.presence.list_sessions(user_id=user_id, wall=visit.origin.wall, at=visit.at)
    )
    keys = len(accounts.keys.list_api_keys(visit.account_id))
    told = len(gateway.list_webhooks(account_id=visit.account_id))
    return (
        Row(
            name=_("Devices and log-ins"),
            state=ngettext("%(count)s log-in", "%(count)s log-ins", log_ins) % {"count": log_ins},
            url=reverse("devices"),
            link=_("Look"),
        ),
        Row(
            name=_("API keys"),
            state=ngettext("%(count)s key", "%(count)s keys", keys) % {"count": keys}
            if keys
            else _("none"),
            url=reverse("api_keys"),
            link=_("Manage"),
        ),
        Row(
            name=_("Webhooks"),
            state=ngettext("%(count)s address", "%(count)s addresses", told) % {"count": told}
            if told
            else _("none"),
            url=reverse("webhooks"),
            link=_("Manage"),
        ),
    )


def _mails(who: accounts.Recipient) -> tuple[Row, ...]:
    code = who.anti_phishing_code
    return (
        Row(
            name=_("Code in our mails"),
            state=f"{code[0]}•••{code[-1]}" if code else _("none: forged mails are harder to see"),
            url=reverse("anti_phishing"),
            link=_("Change") if code else _("Choose"),
            tone="good" if code else "",
        ),
        Row(
            name=_("Language of our messages"),
            state=words_of_language(who.language),
            url=reverse("security_language"),
            link=_("Change"),
        ),
    )


def words_of_language(code: str) -> str:
    """Return a language in its own words."""
    return dict(settings.LANGUAGES).get(code, code)


def _verification(level: int) -> Row:
    return Row(
        name=_("Verification"),
        state=_("level %(level)s") % {"level": level} if level else _("unverified"),
        url=reverse("verification"),
        link=_("Look"),
        tone="good" if level else "",
    )


def _holds(found: Iterable[accounts.protection.HoldView], at: datetime) -> tuple[HoldRow, ...]:
    return tuple(
        HoldRow(
            cause=hold_words.cause_of(hold.cause),
            ends_at=hold.ends_at,
            left=words.duration_text(hold.ends_at - at),
        )
        for hold in found
    )


def _join(names: Iterable[str]) -> str:
    return _(", ").join(names)
