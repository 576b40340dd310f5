"""What a position gives back when the operator ends its product (domain rules §2.3)."""

from datetime import datetime
from decimal import Decimal

from mooring.earn.rules import dates
from mooring.earn.rules.flexible_exit import accrued
from mooring.earn.rules.redemption import Holding, Leaving, part_of_rewards
from mooring.kernel import rounding


def retire_locked(holding: Holding, *, at: datetime) -> Leaving:
    """
    Decide the end of a locked position before its term: pro rata, no fee, nothing taken back.

    Rewards of whole days that ended by then are kept; those not paid yet come along.

    Args:
        holding: still holding, its rewards not ended at `at`.
        at: when the product ends, however late this is decided.
    """
    duration = holding.terms.duration_days
    if holding.value_date is None or duration is None:
        message = "a locked position has its dates"
        raise TypeError(message)
    ended = dates.reward_days_ended(value_date=holding.value_date, duration_days=duration, at=at)
    # Whoever booked a day after the end was quicker: what is booked is owed.
    days = max(ended, holding.days_accrued)

    def earned(number: int) -> Decimal:
        return part_of_rewards(holding, holding.principal, days=number)

    paid = earned(holding.days_paid)
    unpaid = earned(days) - paid
    is_in_kind = holding.reward_asset == holding.asset
    added = unpaid if is_in_kind else Decimal(0)
    return Leaving(
        type="RETIRED",
        whole=True,
        amount=holding.principal,
        net=rounding.EXACT.add(holding.principal, added),
        arrives_from=at,
        arrives_until=at + dates.A_DAY,
        accrued=unpaid,
        rewards_kept=paid,
        rewards_added=added,
        reward_kept=unpaid - added,
        days=days,
        newly_earned=earned(days) - earned(holding.days_accrued),
    )


def retire_flexible(holding: Holding, *, growth: Decimal, minute: int) -> Leaving:
    """
    Decide what a flexible position gives back when its product ends: all that is free.

    What is pledged stays until it is released, and what is on its way stays on its way; neither
    earns any more.

    Args:
        growth: of the product at `minute`.
        minute: in which the product ends; rewards run up to, not including, it.
    """
    if minute <= holding.accrued_minute:
        minute, growth = holding.accrued_minute, holding.growth
    earned = accrued(holding, growth=growth)
    free = rounding.EXACT.add(holding.principal, earned.credited)
    is_whole = not (holding.pledged or holding.redeeming)
    at = dates.time_of_minute(minute)
    return Leaving(
        type="RETIRED",
        whole=is_whole,
        amount=free,
        net=free,
        arrives_from=at,
        arrives_until=at + dates.A_DAY,
        minute=minute,
        growth=growth,
        credited=earned.credited,
        carry=Decimal(0) if is_whole else earned.carry,
        carry_dropped=earned.carry if is_whole else Decimal(0),
        accrued=earned.credited,
        ends=is_whole,
    )
