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
