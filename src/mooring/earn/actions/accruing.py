"""Rewards by the minute of a flexible position that an action touches."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from mooring.earn.actions.crediting import Rewards
from mooring.earn.rules import dates, rewards
from mooring.earn.rules.redemption import Holding


def accrue_to(
    holding: Holding, *, growths: Mapping[int, Decimal], credit: Rewards, at: datetime
) -> None:
    """
    Credit what a flexible position earned up to the minute of `at`.

    Args:
        growths: of one unit, by product, at that minute.
        credit: gathers it for the book.
    """
    minute = max(dates.minute_of(at), holding.accrued_minute)
    is_later = minute > holding.accrued_minute
    growth = growths[holding.product_id] if is_later else holding.growth
    earned = rewards.accrue(
        balance=holding.earning, carry=holding.carry, growth_from=holding.growth, growth_to=growth
    )
    holding.principal += earned.credited
    holding.credited_total += earned.credited
    holding.accrued_minute, holding.growth, holding.carry = minute, growth, earned.carry
    credit.credit(holding, earned.credited)
