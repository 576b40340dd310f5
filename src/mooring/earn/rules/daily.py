"""
Daily rewards: the bonus tiered APR and the extra reward (domain rules §1.1, §1.2).

One engine for both: a UTC day earns on the least balance that was free during the whole of it
(what waits to leave counts, what is pledged does not), over marginal tiers, `rate / 365`; the
day a position is opened on begins with nothing and earns nothing. Credited is the floor at the
reward decimals, the rest is carried exactly.

A balance only grows between two touches, so the least of a day is the smaller of what there was
at its midnight and what each touch left. A position keeps that for the day under way (`low`);
for a day on which nobody touched it, it follows from the growth at that midnight. So nothing
depends on when somebody looked. The SQL of the day's close (`earn_close_daily_v1`) computes the
same to the digit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from mooring.earn.rules import dates, rewards
from mooring.earn.rules.redemption import Holding
from mooring.kernel import rounding

_NOTHING: Final = Decimal(0)
ONE_DAY: Final = timedelta(days=1)
#: What the columns of a tier hold.
_BALANCE_BELOW: Final = Decimal(10**20)
_RATE_BELOW: Final = Decimal(10**9)
_RATE_DECIMALS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A yearly rate for the part of a balance from `above` up to `up_to` (None: no end)."""

    above: Decimal
    up_to: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TiersFrom:
    """The tiers of rewards in one asset, from a UTC day on."""

    asset: str
    from_day: date
    tiers: Sequence[Tier]


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRates:
    """
    What a product pays by the day.

    Args:
        asset: of the product; tiers in it are the bonus, those in another the extra reward.
        sets: by day, oldest first.
    """

    asset: str
    sets: Sequence[TiersFrom]

    @property
    def extra_asset(self) -> str | None:
        """The asset of the extra reward, if there ever was one."""
        return next((item.asset for item in self.sets if item.asset != self.asset), None)

    def bonus_on(self, day: date) -> Sequence[Tier]:
        """Return the bonus tiers in force on a day."""
        return self._in_force(day, is_extra=False)

    def extra_on(self, day: date) -> Sequence[Tier]:
        """Return the tiers of the extra reward in force on a day."""
        return self._in_force(day, is_extra=True)

    def pays_on(self, day: date) -> bool:
        """Whether a day earns anything by the day."""
        return any(tier.rate for tier in (*self.bonus_on(day), *self.extra_on(day)))

    def _in_force(self, day: date, *, is_extra: bool) -> Sequence[Tier]:
        found: Sequence[Tier] = ()
        for item in self.sets:
            if item.from_day <= day and (item.asset != self.asset) == is_extra:
                found = item.tiers
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """
    What booking the finished days of a position comes to, and where it stands afterwards.

    Args:
        bonus, extra: credited, in the product's asset and in that of the extra reward.
        bonus_carry, extra_carry: earned below the credited unit.
        until: daily rewards are booked up to, not including, this day.
        low: the least balance of that day so far; None where that day pays nothing.
    """

    bonus: Decimal
    bonus_carry: Decimal
    extra: Decimal
    extra_carry: Decimal
    until: date
    low: Decimal | None


def midnight(day: date) -> datetime:
    """Return when a UTC day begins."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def day_of(at: datetime) -> date:
    """Return the UTC day `at` lies in."""
    return dates.start_of_day(at).date()


def reward_of_day(low: Decimal, tiers: Sequence[Tier]) -> Decimal:
    """
    Return what a day earns on its least balance, floored at the decimals of a carry.

    Source: domain rules §1.2; each part of the balance earns its own tier's rate.
    """
    yearly = _NOTHING
    for tier in tiers:
        top = low if tier.up_to is None else min(low, tier.up_to)
        part = max(_NOTHING, rounding.EXACT.subtract(top, tier.above))
        yearly = rounding.EXACT.add(yearly, rounding.EXACT.multiply(part, tier.rate))
    return rounding.floor_quotient(yearly, Decimal(rewards.DAYS_OF_A_YEAR), rewards.GROWTH_DECIMALS)


def touched_on(holding: Holding, *, at: datetime) -> date:
    """Return the day a touch belongs to: that of `at`, unless it is in the book already."""
    today = day_of(at)
    return today if holding.daily_booked is None else max(today, holding.daily_booked)


def days_to_book(holding: Holding, rates: DailyRates, *, today: date) -> list[date]:
    """Return the finished days of a position that pay something and are not booked, in order."""
    if holding.daily_booked is None or not rates.sets:
        return []
    first = max(holding.daily_booked, min(item.from_day for item in rates.sets))
    days = (first + number * ONE_DAY for number in range((today - first).days))
    return [day for day in days if rates.pays_on(day)]


def midnights_needed(holding: Holding, rates: DailyRates, *, today: date) -> list[date]:
    """Return the days whose growth at midnight `book` will ask for."""
    days = days_to_book(holding, rates, today=today)
    if rates.pays_on(today):
        days.append(today)
    return [day for day in days if day != holding.low_day]


def book(
    holding: Holding, rates: DailyRates, *, today: date, growths: Mapping[date, Decimal]
) -> Booked:
    """
    Book the finished days of a position from its state before a touch.

    Args:
        holding: as it was left by the last touch or close.
        today: the day of the touch.
        growths: of one unit of the product at the midnights that `midnights_needed` names.
    """
    bonus, extra = holding.bonus_carry, holding.extra_carry
    days = days_to_book(holding, rates, today=today)
    for day in days:
        low = _low_of(holding, day, growths)
        bonus = rounding.EXACT.add(bonus, reward_of_day(low, rates.bonus_on(day)))
        extra = rounding.EXACT.add(extra, reward_of_day(low, rates.extra_on(day)))
    credited_bonus, bonus_carry = rounding.floor_to(bonus, rewards.REWARD_DECIMALS)
    credited_extra, extra_carry = rounding.floor_to(extra, rewards.REWARD_DECIMALS)
    return Booked(
        bonus=credited_bonus,
        bonus_carry=bonus_carry,
        extra=credited_extra,
        extra_carry=extra_carry,
        until=_booked_until(holding, rates, days, today=today),
        low=_low_of(holding, today, growths) if rates.pays_on(today) else None,
    )


def _booked_until(
    holding: Holding, rates: DailyRates, days: Sequence[date], *, today: date
) -> date:
    """Return up to where a position is booked: never beyond what a day's payout will look for."""
    if rates.pays_on(today) or holding.daily_booked is None:
        return today
    return days[-1] + ONE_DAY if days else holding.daily_booked


def free_for_daily(holding: Holding) -> Decimal:
    """Return what earns by the day: free, and promised to leave later; not what is pledged."""
    return rounding.EXACT.add(holding.principal, holding.queued)


def low_after(holding: Holding) -> Decimal | None:
    """Return the least balance of the day under way, after a touch; None where none is kept."""
    return None if holding.low is None else min(holding.low, free_for_daily(holding))


def _low_of(holding: Holding, day: date, growths: Mapping[date, Decimal]) -> Decimal:
    if holding.low_day == day and holding.low is not None:
        return holding.low
    free = free_for_daily(holding)
    if dates.minute_of(midnight(day)) <= holding.accrued_minute:
        return free
    earned = rewards.accrue(
        balance=holding.earning,
        carry=holding.carry,
        growth_from=holding.growth,
        growth_to=growths[day],
    )
    return rounding.EXACT.add(free, earned.credited)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """
    Tiers as the SQL of the close reads them: by the step a balance stands on.

    Args:
        aboves: where each step begins; the first at 0, without a gap.
        bases: what a balance of just that earns in a year.
        rates: of each unit above it.
    """

    aboves: Sequence[Decimal]
    bases: Sequence[Decimal]
    rates: Sequence[Decimal]


def steps_of(tiers: Sequence[Tier]) -> Steps | None:
    """Return tiers as steps; None where nothing is paid."""
    if not any(tier.rate for tier in tiers):
        return None
    ends = {tier.up_to for tier in tiers if tier.up_to is not None}
    edges = sorted({_NOTHING, *(tier.above for tier in tiers), *ends})
    rates = [
        next(
            (
                tier.rate
                for tier in tiers
                if tier.above <= edge and (tier.up_to is None or edge < tier.up_to)
            ),
            _NOTHING,
        )
        for edge in edges
    ]
    bases = [_NOTHING]
    for begin, end, rate in zip(edges, edges[1:], rates, strict=False):
        earned = rounding.EXACT.multiply(rounding.EXACT.subtract(end, begin), rate)
        bases.append(rounding.EXACT.add(bases[-1], earned))
    return Steps(aboves=edges, bases=bases, rates=rates)


def are_a_schedule(tiers: Sequence[Tier]) -> bool:
    """Whether tiers begin at 0, follow each other, only the last without an end; rates are any."""
    begin: Decimal | None = _NOTHING
    for tier in tiers:
        if tier.above != begin or not _NOTHING <= tier.rate < _RATE_BELOW:
            return False
        if rounding.floor_to(tier.rate, _RATE_DECIMALS)[1]:
            return False
        if tier.up_to is not None and not tier.above < tier.up_to < _BALANCE_BELOW:
            return False
        begin = tier.up_to
    return bool(tiers)
