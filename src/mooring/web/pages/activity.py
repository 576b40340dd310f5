"""The record of a log-in's security, in sentences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mooring.accounts import api as accounts
from mooring.accounts.api import Kind
from mooring.web import step_up
from mooring.web.pages import factor_words, hold_words
from mooring.web.pages.contacts import masked

PAGE_SIZE: Final = 25
Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event as a sentence, with where it came from: `source` is a browser or who else."""

    sentence: str
    source: str
    place: str
    ip: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """Some events, newest first; `older` leads to the next page."""

    happenings: tuple[Happening, ...]
    older: int | None


def page_of(*, user_id: int, before: int | None, size: int = PAGE_SIZE) -> ActivityPage:
    """Return a page of a person's events, only those older than `before`."""
    found = accounts.protection.list_events(user_id=user_id, limit=size + 1, before=before)
    shown = found[:size]
    return ActivityPage(
        happenings=tuple(
            Happening(
                sentence=sentence(event.kind, event.details),
                source=_source(event),
                place=_place(event),
                ip=event.ip,
                at=event.at,
            )
            # What strangers tried is written when its hour is over.
            for event in sorted(shown, key=attrgetter("at", "id"), reverse=True)
        ),
        older=shown[-1].id if len(found) > size else None,
    )


def _source(event: accounts.protection.EventView) -> str:
    if event.device_name:
        return event.device_name
    if event.ip:
        return _("unknown device")
    return _("unknown") if event.kind in accounts.BY_STRANGERS else _("the platform")


def _place(event: accounts.protection.EventView) -> str:
    if event.details.get("networks"):
        return _("%(count)s networks") % {"count": event.details["networks"]}
    place = accounts.presence.place_of(event.ip, language=get_language() or "en")
    return _("local network") if place == accounts.presence.LOCAL_PLACE else place


def sentence(kind: Kind, facts: Facts) -> str:
    """Return what happened, in words. Facts that are missing leave the sentence shorter."""
    return SENTENCES[kind](facts)


def _contact_changed(facts: Facts, *, field: str, changed: str, removed: str) -> str:
    new = facts.get(f"new_{field}", "")
    if facts.get(f"old_{field}") and not new:
        return removed
    return with_more(changed, masked(new))


def with_more(text: str, more: str) -> str:
    """Return a sentence with what it is about behind it: "A factor was added: passkey"."""
    # Translators: joins a sentence and what it is about.
    return _("%(text)s: %(more)s") % {"text": text, "more": more} if more else text


def _factor(facts: Facts) -> str:
    return factor_words.name_of_text(facts.get("factor", ""))


def _code_refused(facts: Facts) -> str:
    if facts.get("proof") == "password":
        return _("A confirmation was refused: the password was not right")
    return _("A confirmation was refused: the code or the passkey was not right")


def _step_up(facts: Facts) -> str:
    action = step_up.registered().get(facts.get("action", ""))
    return with_more(_("You confirmed that it is you"), str(action.name) if action else "")


def _flag(facts: Facts) -> str:
    if facts.get("review") == "ended":
        return _("A check of the account by us has ended")
    return _("The account was looked at by us")


def _count(facts: Facts) -> dict[str, int]:
    return {"count": int(facts.get("count", "1"))}


def _failed(facts: Facts) -> str:
    count = _count(facts)
    return ngettext("A log-in failed", "%(count)s log-ins failed", count["count"]) % count


def _reset_asked(facts: Facts) -> str:
    count = _count(facts)
    return (
        ngettext(
            "A code for a new password was asked for",
            "%(count)s codes for a new password were asked for",
            count["count"],
        )
        % count
    )


def _reset_refused(facts: Facts) -> str:
    count = _count(facts)
    return (
        ngettext(
            "A code for a new password was not right",
            "%(count)s codes for a new password were not right",
            count["count"],
        )
        % count
    )


def _recovery_asked(facts: Facts) -> str:
    count = _count(facts)
    return (
        ngettext(
            "A code to recover the account was asked for",
            "%(count)s codes to recover the account were asked for",
            count["count"],
        )
        % count
    )


def _recovery_refused(facts: Facts) -> str:
    if facts.get("proof") == "password":
        return _("A recovery was refused: the password was not right")
    count = _count(facts)
    return (
        ngettext(
            "A code to recover the account was not right",
            "%(count)s codes to recover the account were not right",
            count["count"],
        )
        % count
    )


SENTENCES: Final[Mapping[Kind, Callable[[Facts], str]]] = {
    Kind.SIGNED_UP: lambda _facts: _("The account was opened"),
    Kind.LOGGED_IN: lambda _facts: _("You logged in"),
    Kind.LOG_IN_FAILED: _failed,
    Kind.LOGGED_OUT: lambda _facts: _("You logged out"),
    Kind.DEVICE_ADDED: lambda _facts: _("A new device was confirmed"),
    Kind.DEVICE_REVOKED: lambda facts: with_more(
        _("A device was removed"), facts.get("revoked", "")
    ),
    Kind.SESSION_ENDED: lambda _facts: _("A log-in was ended from another device"),
    Kind.SESSIONS_ENDED: lambda _facts: _("All other log-ins were ended"),
    Kind.PASSWORD_CHANGED: lambda _facts: _("The password was changed"),
    Kind.PASSWORD_RESET: lambda _facts: _("The password was set anew with a code"),
    Kind.EMAIL_CHANGED: lambda facts: _contact_changed(
        facts,
        field="email",
        changed=_("The e-mail address was changed"),
        removed=_("The e-mail address was removed"),
    ),
    Kind.PHONE_CHANGED: lambda facts: _contact_changed(
        facts,
        field="phone",
        changed=_("The mobile number was changed"),
        removed=_("The mobile number was removed"),
    ),
    Kind.FACTOR_ADDED: lambda facts: with_more(_("A second factor was added"), _factor(facts)),
    Kind.FACTOR_REMOVED: lambda facts: with_more(_("A second factor was removed"), _factor(facts)),
    Kind.RECOVERY_CODES_MADE: lambda _facts: _("New recovery codes were made"),
    Kind.RECOVERY_CODE_USED: lambda _facts: _("A recovery code was used"),
    Kind.CODE_REFUSED: _code_refused,
    Kind.STEP_UP_PROVEN: _step_up,
    Kind.ANTI_PHISHING_CODE_CHANGED: lambda _facts: _("The code in our mails was changed"),
    Kind.HOLD_BEGUN: lambda facts: with_more(
        _("Withdrawals began to wait"), hold_words.cause_of_text(facts.get("cause", ""))
    ),
    Kind.ACCOUNT_DISABLED: lambda _facts: _("The account was disabled"),
    Kind.ACCOUNT_ENABLED: lambda _facts: _("The account was opened again"),
    Kind.RESET_ASKED: _reset_asked,
    Kind.RESET_REFUSED: _reset_refused,
    Kind.RECOVERY_ASKED: _recovery_asked,
    Kind.RECOVERY_REFUSED: _recovery_refused,
    Kind.RECOVERY_REQUESTED: lambda _facts: _("A recovery of the account was asked for"),
    Kind.RECOVERY_CANCELLED: lambda _facts: _("The recovery of the account was cancelled"),
    Kind.RECOVERY_APPROVED: lambda _facts: _("The recovery of the account was approved"),
    Kind.RECOVERY_COMPLETED: lambda _facts: _("The account was recovered"),
    Kind.API_KEY_CREATED: lambda facts: with_more(_("An API key was made"), facts.get("label", "")),
    Kind.API_KEY_REVOKED: lambda facts: with_more(_("API keys were ended"), facts.get("label", "")),
    Kind.VERIFICATION_SUBMITTED: lambda _facts: _("Documents for verification were sent"),
    Kind.VERIFICATION_APPROVED: lambda _facts: _("The verification was approved"),
    Kind.VERIFICATION_REJECTED: lambda _facts: _("The verification was not approved"),
    Kind.DOCUMENT_VIEWED: lambda _facts: _("A reviewer looked at a document"),
    Kind.COMPLIANCE_FLAG_CHANGED: _flag,
}
