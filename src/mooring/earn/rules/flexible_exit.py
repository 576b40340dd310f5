"""
May a flexible position be left, how, and what does leaving cost (domain rules §1.1, §1.3).

Two ways out. FAST is there at once, as long as the UTC day's limits leave room; what is beyond
them, or asked for while redemptions are off, waits and keeps earning until it runs. STANDARD
takes the product's standard period, or the time of the asset's chain, and earns no more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from mooring.earn import errors
from mooring.earn.facts import Speed, TermsView
from mooring.earn.rules import dates, rewards
from mooring.earn.rules.fees import fee_on
from mooring.earn.rules.redemption import Holding, Leaving
from mooring.earn.rules.rewards import Accrued
from mooring.kernel import rounding
from mooring.kernel.money import Amount

_NONE: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """
    The way out that is asked for, and what stands in it.

    Args:
        left_today: how much more may leave at once on this UTC day; None without a limit.
        closed_until: when redemptions go on again; None while they do.
        unbonding_hours: what the asset's chain takes at the least and at the most; None where
            the product's own standard period counts.
        queue_window: how long after its time what waited has to be there.
    """

    speed: Speed = "FAST"
    left_today: Decimal | None = None
    closed_until: datetime | None = None
    unbonding_hours: tuple[int, int] | None = None
    queue_window: timedelta = timedelta(0)


NOTHING_IN_THE_WAY: Final = Way()


def leave_flexible(
    holding: Holding,
    *,
    amount: Decimal | None,
    growth: Decimal,
    minute: int,
    at: datetime,
    way: Way = NOTHING_IN_THE_WAY,
) -> Leaving:
    """
    Decide a redemption of a flexible position: at once, later, or the slow way; nothing is lost.

    Args:
        amount: how much; None for everything with its rewards.
        growth: of the product at `minute`.
        minute: rewards run up to, not including, it.

    Raises:
        PositionNotHolding, AmountNotPositive, AmountExceedsPosition, BelowRedeemMinimum,
        BelowMinimumRemaining, SpeedNotOffered.
    """
    if holding.status != "HOLDING":
        raise errors.PositionNotHolding(status=holding.status)
    earned = accrued(holding, growth=growth)
    free = rounding.EXACT.add(holding.principal, earned.credited)
    leaves = free if amount is None else amount
    _check_amount(holding, leaves, free=free)
    leaving = Leaving(
        type="FLEXIBLE",
        whole=leaves == free and not holding.pledged,
        amount=leaves,
        net=leaves,
        arrives_from=at,
        arrives_until=at,
        minute=minute,
        growth=growth,
        credited=earned.credited,
        carry=earned.carry,
        accrued=earned.credited,
    )
    if speed_of(holding.terms, asked=way.speed) == "STANDARD":
        _go_slowly(leaving, holding.terms, way, at=at)
    else:
        _go_fast(leaving, holding, way, at=at)
    return leaving


def speed_of(terms: TermsView, *, asked: Speed) -> Speed:
    """
    Return which way out a request takes: the standard one where nothing leaves at once.

    Raises:
        SpeedNotOffered: there is no standard way.
    """
    speed: Speed = asked if terms.is_instant else "STANDARD"
    if speed == "STANDARD" and terms.standard_days is None:
        raise errors.SpeedNotOffered(speed=speed)
    return speed


def run_queued(
    holding: Holding, *, amount: Decimal, takes_all: bool, growth: Decimal, minute: int
) -> Leaving:
    """
    Decide what arrives when a redemption that waited runs: what was promised, less the fee.

    Args:
        amount: what was promised.
        takes_all: everything was asked for: what it earned meanwhile goes along.
        growth: of the product at `minute`.
    """
    earned = accrued(holding, growth=growth)
    free = rounding.EXACT.add(holding.principal, earned.credited)
    leaves = rounding.EXACT.add(amount, free if takes_all else _NONE)
    fee = fee_on(leaves, holding.terms.fee_rate)
    stays = rounding.EXACT.subtract(
        rounding.EXACT.add(rounding.EXACT.add(free, holding.pledged), holding.redeeming), leaves
    )
    at = dates.time_of_minute(minute)
    leaving = Leaving(
        type="FLEXIBLE",
        whole=takes_all,
        amount=leaves,
        net=rounding.EXACT.subtract(leaves, fee),
        arrives_from=at,
        arrives_until=at,
        minute=minute,
        growth=growth,
        credited=earned.credited,
        carry=earned.carry,
        accrued=earned.credited,
        fee=fee,
        speed="FAST",
    )
    if not stays:
        _end(leaving)
    return leaving


def earned_meanwhile(amount: Decimal, *, growth_from: Decimal, growth_to: Decimal) -> Decimal:
    """Return what an amount would have earned between two growths, 30 decimals, floored."""
    grown = rounding.floor_quotient(
        rounding.EXACT.multiply(amount, growth_to), growth_from, rewards.GROWTH_DECIMALS
    )
    return rounding.EXACT.subtract(grown, amount)


def accrued(holding: Holding, *, growth: Decimal) -> Accrued:
    """Return what a position earned by the minute until its product had grown to `growth`."""
    return rewards.accrue(
        balance=holding.earning,
        carry=holding.carry,
        growth_from=holding.growth,
        growth_to=growth,
    )


def _check_amount(holding: Holding, leaves: Decimal, *, free: Decimal) -> None:
    terms, asset = holding.terms, holding.asset
    if holding.pledges and (leaves > free or not free):
        raise errors.AmountPledged(
            amount=Amount(leaves, asset), free=Amount(free, asset), pledges=holding.pledges
        )
    if leaves <= 0:
        raise errors.AmountNotPositive
    if leaves > free:
        raise errors.AmountExceedsPosition(amount=Amount(leaves, asset), free=Amount(free, asset))
    if leaves == free:
        # Who takes all that is free leaves only what cannot be taken.
        return
    if leaves < terms.redeem_minimum:
        raise errors.BelowRedeemMinimum(
            amount=Amount(leaves, asset), minimum=Amount(terms.redeem_minimum, asset)
        )
    # What is queued is on its way already: it does not stay.
    stays = rounding.EXACT.subtract(rounding.EXACT.add(free, holding.pledged), leaves)
    if stays < terms.minimum_remaining:
        raise errors.BelowMinimumRemaining(
            remaining=Amount(stays, asset), minimum=Amount(terms.minimum_remaining, asset)
        )


def _go_fast(leaving: Leaving, holding: Holding, way: Way, *, at: datetime) -> None:
    leaving.speed = "FAST"
    leaving.fee = fee_on(leaving.amount, holding.terms.fee_rate)
    leaving.net = rounding.EXACT.subtract(leaving.amount, leaving.fee)
    because, runs_at = _waits(leaving.amount, way, at=at)
    if runs_at is not None:
        leaving.queued_because, leaving.runs_at = because, runs_at
        leaving.arrives_from, leaving.arrives_until = runs_at, runs_at + way.queue_window
    elif leaving.whole and not holding.redeeming:
        _end(leaving)


def _waits(amount: Decimal, way: Way, *, at: datetime) -> tuple[str, datetime | None]:
    """Return why it cannot leave now and when it will; the later of two reasons decides."""
    times: list[tuple[datetime, str]] = []
    if way.left_today is not None and amount > way.left_today:
        times.append((dates.start_of_day(at) + dates.A_DAY, "DAILY_LIMIT"))
    if way.closed_until is not None:
        times.append((way.closed_until, "MAINTENANCE"))
    if not times:
        return "", None
    runs_at, because = max(times)
    return because, runs_at


def _go_slowly(leaving: Leaving, terms: TermsView, way: Way, *, at: datetime) -> None:
    leaving.speed = "STANDARD"
    leaving.fee = fee_on(leaving.amount, terms.standard_fee_rate)
    leaving.net = rounding.EXACT.subtract(leaving.amount, leaving.fee)
    starts, lasts = timedelta(days=terms.standard_days or 0), dates.A_DAY
    if way.unbonding_hours is not None:
        least, most = way.unbonding_hours
        starts, lasts = timedelta(hours=least), timedelta(hours=most - least)
    # Nothing is delivered while redemptions are off.
    leaving.arrives_from = max(at + starts, way.closed_until or at)
    leaving.arrives_until = leaving.arrives_from + lasts
    if terms.grace_seconds:
        leaving.undo_until = min(at + timedelta(seconds=terms.grace_seconds), leaving.arrives_from)


def _end(leaving: Leaving) -> None:
    """Let the position end: what it carried below the unit is dropped."""
    leaving.ends = True
    leaving.carry, leaving.carry_dropped = _NONE, leaving.carry
