"""What a customer reads about their verification."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mooring.accounts import api as accounts
from mooring.accounts.api.verification import Flaw
from mooring.web.visit import Visit

_MEANINGS: Final[Mapping[int, str | Promise]] = {
    1: gettext_lazy("Your name, date of birth and identity document, looked at by a person."),
    2: gettext_lazy("Your address as well, with a document that shows it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """
    A level and what it means here and now.

    Args:
        state: `verified`, `pending`, `rejected`, `open` (can be asked for) or `later`.
    """

    level: int
    meaning: str | Promise
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPage:
    """Where a customer stands; `may_approve` in a sandbox only."""

    status: accounts.verification.VerificationStatus
    levels: tuple[LevelRow, ...]
    may_approve: bool


def overview(visit: Visit, *, is_sandbox: bool) -> VerificationPage:
    """Return where the visitor stands."""
    status = accounts.verification.find_verification_status(account_id=visit.account_id)
    return VerificationPage(
        status=status,
        levels=tuple(
            LevelRow(level=level, meaning=meaning, state=_state(level, status))
            for level, meaning in _MEANINGS.items()
        ),
        may_approve=is_sandbox and status.pending is not None,
    )


def _state(level: int, status: accounts.verification.VerificationStatus) -> str:
    if level <= status.level:
        return "verified"
    if status.pending is not None and status.pending.level == level:
        return "pending"
    if level != status.next_level or status.pending is not None:
        return "later"
    return "rejected" if status.rejected is not None else "open"


def may_send(status: accounts.verification.VerificationStatus, level: int) -> bool:
    """Whether the form of a level can be sent now."""
    return status.pending is None and status.next_level == level


def flaw_sentence(name: str, flaw: Flaw, facts: Mapping[str, int]) -> str:
    """Return what is wrong with a field and what is allowed."""
    if flaw is Flaw.MISSING:
        return _missing(name)
    sentences = {
        Flaw.TOO_LONG: _("Write at most 200 characters."),
        Flaw.UNREADABLE: _("Write it with letters, as it stands in your document."),
        Flaw.NO_DATE: _("Write the date as year, month and day, such as 1990-02-28."),
        Flaw.TOO_YOUNG: _("You must be at least %(years)s years old."),
        Flaw.UNKNOWN_COUNTRY: _("Choose a country from the list."),
        Flaw.TOO_LARGE: _("This file is too large: at most %(megabytes)s MB."),
        Flaw.OTHER_TYPE: _("This file is no JPEG or PNG picture. Choose a photo or a scan."),
        Flaw.TOO_MANY_PIXELS: _("This picture is too large: at most %(megapixels)s megapixels."),
        Flaw.TOO_SMALL: _("This picture is too small: at least 300 pixels on each side."),
        Flaw.BROKEN: _("This picture cannot be opened, perhaps it is cut off. Take it again."),
        Flaw.ANIMATED: _("This picture moves. Choose one that does not."),
    }
    return sentences[flaw] % facts


def _missing(name: str) -> str:
    if name in {"country", "address_country"}:
        return _("Choose a country from the list.")
    asked = accounts.verification.VERIFICATION_LEVELS.values()
    pictures = {one for level in asked for one in level.pictures + level.pictures_optional}
    if name in pictures:
        return _("Choose a picture that is not empty.")
    return _("This is needed.")
