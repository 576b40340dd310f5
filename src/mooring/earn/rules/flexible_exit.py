"""May a flexible position be left, and what does leaving cost (domain rules §1.1, §1.3)."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from mooring.earn import errors
from mooring.earn.rules import rewards
from mooring.earn.rules.fees import fee_on
from mooring.earn.rules.redemption import Holding, Leaving
from mooring.kernel import rounding
from mooring.kernel.money import Amount

_NONE: Final = Decimal(0)


def leave_flexible(
    holding: Holding, *, amount: Decimal | None, growth: Decimal, minute: int, at: datetime
) -> Leaving:
    """
    Decide a redemption of a flexible position: at once, nothing lost.

    Args:
        amount: how much; None for everything with its rewards.
        growth: of the product at `minute`.
        minute: rewards run up to, not including, it.

    Raises:
        PositionNotHolding, AmountNotPositive, AmountExceedsPosition, BelowMinimumRemaining.
    """
    if holding.status != "HOLDING":
        raise errors.PositionNotHolding(status=holding.status)
    earned = rewards.accrue(
        balance=holding.earning,
        carry=holding.carry,
        growth_from=holding.growth,
        growth_to=growth,
    )
    free = rounding.EXACT.add(holding.principal, earned.credited)
    leaves = free if amount is None else amount
    if leaves <= 0:
        raise errors.AmountNotPositive
    if leaves > free:
        raise errors.AmountExceedsPosition(
            amount=Amount(leaves, holding.asset), free=Amount(free, holding.asset)
        )
    remaining = rounding.EXACT.subtract(
        rounding.EXACT.add(holding.earning, earned.credited), leaves
    )
    whole = not remaining
    # Who takes all that is free leaves only what cannot be taken.
    if leaves < free and remaining < holding.terms.minimum_remaining:
        raise errors.BelowMinimumRemaining(
            remaining=Amount(remaining, holding.asset),
            minimum=Amount(holding.terms.minimum_remaining, holding.asset),
        )
    fee = fee_on(leaves, holding.terms.fee_rate)
    return Leaving(
        type="FLEXIBLE",
        whole=whole,
        amount=leaves,
        net=rounding.EXACT.subtract(leaves, fee),
        arrives_from=at,
        arrives_until=at,
        minute=minute,
        growth=growth,
        credited=earned.credited,
        carry=_NONE if whole else earned.carry,
        carry_dropped=earned.carry if whole else _NONE,
        accrued=earned.credited,
        fee=fee,
    )
