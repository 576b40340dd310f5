"""
Liquid staking: how many tokens an amount buys, and what tokens are worth (domain rules §2.4).

A customer never gets more than the ratio says: tokens and what arrives for them are floored at
8 decimals. Of an amount only what its tokens cost is taken; of tokens given back what lies below
the eighth decimal stays in the clearing account of the asset, where it backs the tokens of others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from mooring.kernel import rounding
from mooring.kernel.money import DECIMALS_MAX

#: Decimals of tokens, and of what arrives for them.
DECIMALS: Final = 8
#: Decimals of a yearly rate that is computed from ratios.
RATE_DECIMALS: Final = 8
_A_YEAR: Final = timedelta(days=365)
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Staked:
    """
    What an amount buys.

    Args:
        tokens: what the customer gets.
        cost: what is taken for them, at most the amount; the rest stays where it was.
    """

    tokens: Decimal
    cost: Decimal


def tokens_for(amount: Decimal, *, ratio: Decimal) -> Staked:
    """Return the most tokens that an amount of the asset buys, and what they cost."""
    tokens = rounding.floor_quotient(amount, ratio, DECIMALS)
    cost, _ = rounding.ceil_to(rounding.EXACT.multiply(tokens, ratio), DECIMALS_MAX)
    return Staked(tokens=tokens, cost=cost)


def worth_of(tokens: Decimal, *, ratio: Decimal) -> Decimal:
    """Return what arrives, in the asset, for tokens that are given back at a ratio."""
    worth, _ = rounding.floor_to(rounding.EXACT.multiply(tokens, ratio), DECIMALS)
    return worth


def gain_of(tokens: Decimal, *, before: Decimal, after: Decimal) -> Decimal:
    """Return how much more tokens are worth, in the asset, at a ratio than at the one before."""
    rise = rounding.EXACT.subtract(after, before)
    return worth_of(tokens, ratio=rise)


def yearly_rate(before: Decimal, after: Decimal, *, lasted: timedelta) -> Decimal:
    """
    Return the yearly rate of which a ratio grew into the next; a fraction, not compounded.

    Args:
        lasted: how long the first of them held.
    """
    rise = rounding.EXACT.multiply(
        rounding.EXACT.subtract(after, before), Decimal(_A_YEAR // _TICK)
    )
    spent = rounding.EXACT.multiply(before, Decimal(lasted // _TICK))
    return rounding.floor_quotient(rise, spent, RATE_DECIMALS)


def tokens_worth(amount: Decimal, *, ratio: Decimal) -> Decimal:
    """Return the fewest tokens for which at least an amount of the asset arrives."""
    tokens = rounding.floor_quotient(amount, ratio, DECIMALS)
    if rounding.EXACT.multiply(tokens, ratio) < amount:
        tokens = rounding.EXACT.add(tokens, Decimal(1).scaleb(-DECIMALS))
    return tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbonding:
    """How long a chain takes to give back, in hours."""

    hours_min: int
    hours_max: int

    def window(self, requested_at: datetime) -> tuple[datetime, datetime]:
        """Return when what is asked for now arrives, from and until."""
        return (
            requested_at + timedelta(hours=self.hours_min),
            requested_at + timedelta(hours=self.hours_max),
        )


def left_today(limit: Decimal | None, *, used: Decimal) -> Decimal | None:
    """Return what a person may still give back today, in the asset; None without a limit."""
    return None if limit is None else max(Decimal(0), rounding.EXACT.subtract(limit, used))
