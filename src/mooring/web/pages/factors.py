"""The page of second factors: what there is, what each is good for, what can be done with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from mooring.accounts import api as accounts
from mooring.accounts.api.proofs import Factor
from mooring.web.pages import factor_words
from mooring.web.pages.contacts import masked
from mooring.web.visit import PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFactor:
    """
    An authenticator app or a passkey.

    Args:
        name: of a passkey as its person calls it; of an app the word for it.
        is_last: without it there is no strong factor.
    """

    id: int
    name: str
    is_passkey: bool
    added_at: datetime
    last_used_at: datetime | None
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChannel:
    """A way to send codes: whether it is switched on, and where it leads (masked)."""

    channel: str
    name: str
    to: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorsPage:
    """
    What a person has.

    Args:
        best: the best factor in words, or "".
        left: how many recovery codes are unused; None: none were made.
    """

    best: str
    passkeys: tuple[KeptFactor, ...]
    app: KeptFactor | None
    channels: tuple[CodeChannel, ...]
    has_strong: bool
    left: int | None


_BY_CODE: Final = (Factor.EMAIL, Factor.SMS)


def page_of(request: PageRequest) -> FactorsPage:
    """Return the page of who is logged in."""
    user_id = request.visit.user_id
    found = accounts.proofs.list_factors(user_id)
    strong = [view for view in found if view.factor in accounts.proofs.STRONG]
    kept = [_kept(view, is_last=len(strong) == 1) for view in strong]
    codes = [view.left for view in found if view.factor is Factor.RECOVERY_CODE]
    return FactorsPage(
        best=factor_words.name_of(found[0].factor) if found else "",
        passkeys=tuple(each for each in kept if each.is_passkey),
        app=next((each for each in kept if not each.is_passkey), None),
        channels=tuple(
            channel
            for channel in (_channel(factor, user_id, found) for factor in _BY_CODE)
            # What cannot be sent is not offered; what is on can be switched off.
            if channel.is_on or settings.SMS_AVAILABLE or channel.channel != "SMS"
        ),
        has_strong=bool(strong),
        left=codes[0] if codes else None,
    )


def find(request: PageRequest, factor_id: int) -> KeptFactor:
    """
    Return one of the person's apps and passkeys.

    Raises:
        FactorNotFound: absent, or another's.
    """
    page = page_of(request)
    kept = [*page.passkeys, *([page.app] if page.app else [])]
    found = next((each for each in kept if each.id == factor_id), None)
    if found is None:
        raise accounts.proofs.FactorNotFound
    return found


def _kept(view: accounts.proofs.FactorView, *, is_last: bool) -> KeptFactor:
    return KeptFactor(
        id=view.id or 0,
        name=view.name or factor_words.name_of(view.factor),
        is_passkey=view.factor is Factor.PASSKEY,
        added_at=view.added_at,
        last_used_at=view.last_used_at,
        is_last=is_last,
    )


def _channel(
    factor: Factor, user_id: int, found: tuple[accounts.proofs.FactorView, ...]
) -> CodeChannel:
    return CodeChannel(
        channel=accounts.proofs.CHANNELS[factor].value,
        name=factor_words.name_of(factor),
        to=masked(accounts.proofs.find_contact(user_id, factor)),
        is_on=any(view.factor is factor for view in found),
    )


def rank_words() -> tuple[tuple[str, str], ...]:
    """Return the factors, best first, and what each is good for."""
    return (
        (
            _("Passkey"),
            _("Strongest: it answers this site only, so a forged page gets nothing."),
        ),
        (
            _("Authenticator app"),
            _("Strong: works without network. A forged page could still ask you for a code."),
        ),
        (
            _("Code by e-mail"),
            _("Fair: as safe as your mailbox."),
        ),
        (
            _("Code by SMS"),
            _("Weak: a number can be taken over. Better than the password alone."),
        ),
        (
            _("Recovery code"),
            _("For when the others are lost. On paper, each once; withdrawals wait after it."),
        ),
    )
