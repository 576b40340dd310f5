"""
A quote in the pocket of who asked for it, signed.

A form, or a client of the API, carries the whole quote with its key, so that what was shown is
what is asked for: a double click, a reload or the back button asks for the same thing with the
same key, and the same key redeems once (decision 0038).
"""

import dataclasses
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, get_args, get_type_hints

from django.core import signing

from mooring.earn.facts import Quote, RewardsApart, Wait
from mooring.earn.liquid_facts import UnstakingQuote
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount

_SALT: Final = "mooring.earn.quote"
_SALT_UNSTAKING: Final = "mooring.earn.quote.unstaking"
#: Against hoarding only; how long a quote is good for, the quote itself says. Generous,
#: because a double click on an old page must still find its redemption.
_SECONDS_MAX: Final = 7 * 86_400


class QuoteUnreadable(Refusal):
    """The quote was changed, cut off or is of another time or person."""

    code = "quote_unreadable"

    def __init__(self) -> None:
        super().__init__("This quote cannot be read, so nothing was redeemed. Ask for a new one.")


def seal_quote(quote: Quote) -> str:
    """Return a quote as text that only we can write."""
    return signing.dumps(_plain(quote), salt=_SALT, compress=True)


def open_quote(token: str, *, account_id: int) -> Quote:
    """
    Return the quote that `seal_quote` wrote for this account.

    Raises:
        QuoteUnreadable: it was not written by us, is too old, or is another's.
    """
    try:
        found = signing.loads(token, salt=_SALT, max_age=_SECONDS_MAX)
        quote = _quote(found)
    except (signing.BadSignature, TypeError, KeyError, ValueError) as error:
        raise QuoteUnreadable from error
    if quote.account_id != account_id:
        raise QuoteUnreadable
    return quote


def seal_unstaking(quote: UnstakingQuote) -> str:
    """Return a quote for giving tokens back as text that only we can write."""
    return signing.dumps(_plain(quote), salt=_SALT_UNSTAKING, compress=True)


def open_unstaking(token: str, *, account_id: int) -> UnstakingQuote:
    """
    Return the quote that `seal_unstaking` wrote for this account.

    Raises:
        QuoteUnreadable: as `open_quote`.
    """
    try:
        found = signing.loads(token, salt=_SALT_UNSTAKING, max_age=_SECONDS_MAX)
        quote = UnstakingQuote(**_typed(UnstakingQuote, found))
    except (signing.BadSignature, TypeError, KeyError, ValueError) as error:
        raise QuoteUnreadable from error
    if quote.account_id != account_id:
        raise QuoteUnreadable
    return quote


def _plain(fact: Any) -> Any:
    if isinstance(fact, Amount):
        return [f"{fact.number:f}", fact.asset]
    if isinstance(fact, Decimal):
        return f"{fact:f}"
    if isinstance(fact, datetime):
        return fact.isoformat()
    if dataclasses.is_dataclass(fact):
        return {field.name: _plain(getattr(fact, field.name)) for field in dataclasses.fields(fact)}
    return fact


def _quote(found: dict[str, Any]) -> Quote:
    wait, apart = found.pop("wait"), found.pop("rewards_apart")
    return Quote(
        **_typed(Quote, found),
        wait=None if wait is None else Wait(**_typed(Wait, wait)),
        rewards_apart=None if apart is None else RewardsApart(**_typed(RewardsApart, apart)),
    )


def _typed(kind: type, found: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: _fact(hints[name], value) for name, value in found.items()}


def _fact(hint: Any, value: Any) -> Any:
    kinds = get_args(hint) or (hint,)
    if value is None:
        return None
    if Amount in kinds:
        return Amount(Decimal(value[0]), value[1])
    if Decimal in kinds:
        return Decimal(value)
    if datetime in kinds:
        return datetime.fromisoformat(value)
    return value
