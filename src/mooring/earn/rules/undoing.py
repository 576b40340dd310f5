"""What an amount would have earned that left a flexible position the slow way and comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from mooring.earn.rules import daily, dates, rewards
from mooring.earn.rules.daily import DailyRates, Tier
from mooring.earn.rules.flexible_exit import earned_meanwhile
from mooring.earn.rules.redemption import Holding
from mooring.kernel import rounding

_NOTHING: Final = Decimal(0)
_A_UNIT: Final = Decimal(1).scaleb(-rewards.REWARD_DECIMALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """
    An amount that left on a UTC day and earned nothing since.

    Args:
        growth: of the product when it stopped earning.
        low_before, low_after: the least balance of the day, just before it left and just after;
            None where the day earned nothing by the day.
    """

    amount: Decimal
    day: date
    growth: Decimal
    low_before: Decimal | None
    low_after: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """
    What coming back makes good for.

    Args:
        earned: by the minute, 30 decimals.
        bonus, extra: of days that ended meanwhile, 30 decimals.
        low: the least balance of the day under way, as if it had never left.
    """

    earned: Decimal
    bonus: Decimal
    extra: Decimal
    low: Decimal | None


def come_back(
    holding: Holding,
    away: Away,
    *,
    rates: DailyRates | None,
    growths: Mapping[date, Decimal],
) -> Back:
    """
    Decide what a position gets for the time that an amount was away.

    Exact by the minute, and by the day for the day it left on and the one it comes back on. For
    days in between the rest of the position counts as if nobody had touched it.

    Args:
        holding: without the amount, with its rewards and finished days booked up to now.
        growths: of the product at the midnights since it left.
    """
    earned = earned_meanwhile(away.amount, growth_from=away.growth, growth_to=holding.growth)
    if rates is None or holding.daily_booked is None:
        return Back(earned=earned, bonus=_NOTHING, extra=_NOTHING, low=holding.low)
    bonus = extra = _NOTHING
    day = away.day
    while day < holding.daily_booked:
        without, with_it = _lows(holding, away, day, growths)
        bonus += _more(without, with_it, rates.bonus_on(day))
        extra += _more(without, with_it, rates.extra_on(day))
        day += dates.A_DAY
    return Back(earned=earned, bonus=bonus, extra=extra, low=_low_now(holding, away, growths))


def _lows(
    holding: Holding, away: Away, day: date, growths: Mapping[date, Decimal]
) -> tuple[Decimal, Decimal]:
    """Return the least balance of a day that ended, without the amount and with it."""
    if day == away.day:
        return away.low_after or _NOTHING, away.low_before or _NOTHING
    at_midnight = growths.get(day, holding.growth)
    rest = _rest(holding, at_midnight)
    return _unit(rest), _unit(rest + _exact(away, at_midnight))


def _low_now(holding: Holding, away: Away, growths: Mapping[date, Decimal]) -> Decimal | None:
    low, today = holding.low, holding.low_day
    if low is None or today is None or today != holding.daily_booked:
        return low
    if away.day == today:
        return low if away.low_before is None else min(away.low_before, low + away.amount)
    at_midnight = growths.get(today, away.growth)
    rest, amount = _rest(holding, at_midnight), _exact(away, at_midnight)
    if abs(low - _unit(rest)) <= _A_UNIT:
        # Nobody touched it today: together they would have been rounded once.
        return _unit(rest + amount)
    return low + _unit(amount)


def _rest(holding: Holding, growth: Decimal) -> Decimal:
    """Return what earned by the day without the amount, as its product had grown to `growth`."""
    claim = rounding.EXACT.add(holding.earning, holding.carry)
    grown = rounding.floor_quotient(
        rounding.EXACT.multiply(claim, growth), holding.growth, rewards.GROWTH_DECIMALS
    )
    return rounding.EXACT.subtract(grown, holding.pledged)


def _exact(away: Away, growth: Decimal) -> Decimal:
    """Return what the amount would have been when its product had grown to `growth`."""
    return away.amount + earned_meanwhile(away.amount, growth_from=away.growth, growth_to=growth)


def _unit(number: Decimal) -> Decimal:
    return rounding.floor_to(number, rewards.REWARD_DECIMALS)[0]


def _more(without: Decimal, with_it: Decimal, tiers: Sequence[Tier]) -> Decimal:
    return daily.reward_of_day(with_it, tiers) - daily.reward_of_day(without, tiers)
