"""
How much is earned by the minute and on a term (domain rules §1.2, §1.3, §2.2).

Flexible: every minute earns `balance * APR / 525,600`, and what it earned earns in the next.
A product keeps how much one unit has grown to (`growth`); a position's claim between two
minutes grows by the quotient of two growths, so nothing depends on when somebody looked.
Locked: every UTC day earns `principal * APR / 365`, simple. Credited is the floor at the
reward decimals; what is below is carried, never lost and never given twice.
"""

import decimal
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mooring.kernel import rounding

DAYS_OF_A_YEAR: Final = 365
MINUTES_OF_A_YEAR: Final = DAYS_OF_A_YEAR * 1440
#: Decimals in which rewards are credited (domain rules §8, `reward_decimals`).
REWARD_DECIMALS: Final = 8
#: Decimals of a growth and of a carry: 12 finer than the book, so that ten years of daily
#: closes stay below one unit of the book's last decimal.
GROWTH_DECIMALS: Final = 30
_NOTHING: Final = Decimal(0)
_POWER: Final = decimal.Context(prec=70, rounding=decimal.ROUND_FLOOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFrom:
    """A flexible rate from a minute on, and the growth of one unit up to that minute."""

    from_minute: int
    apr: Decimal
    growth: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrued:
    """A position's reward up to a minute: what is credited and what is carried on."""

    credited: Decimal
    carry: Decimal


def growth_at(rate: RateFrom, minute: int) -> Decimal:
    """
    Return what one unit has grown to at the start of `minute`, floored at 30 decimals.

    Args:
        rate: the rate in force at that minute.
        minute: not before the rate's first.
    """
    minutes = minute - rate.from_minute
    if minutes < 0:
        message = "the rate begins later than the minute"
        raise ValueError(message)
    if not minutes or not rate.apr:
        return rate.growth
    factor = _POWER.add(Decimal(1), _POWER.divide(rate.apr, Decimal(MINUTES_OF_A_YEAR)))
    grown = _POWER.multiply(rate.growth, _POWER.power(factor, minutes))
    return rounding.floor_to(grown, GROWTH_DECIMALS)[0]


def accrue(
    *, balance: Decimal, carry: Decimal, growth_from: Decimal, growth_to: Decimal
) -> Accrued:
    """
    Return what a flexible balance earned while one unit grew from one growth to another.

    The SQL of the day's close (`earn_close_flexible_v1`) computes the same to the digit.
    """
    if growth_to == growth_from:
        return Accrued(credited=_NOTHING, carry=carry)
    claim = rounding.EXACT.add(balance, carry)
    grown = rounding.floor_quotient(
        rounding.EXACT.multiply(claim, growth_to), growth_from, GROWTH_DECIMALS
    )
    earned = rounding.EXACT.subtract(grown, balance)
    credited, rest = rounding.floor_to(earned, REWARD_DECIMALS)
    return Accrued(credited=credited, carry=rest)


def locked_reward(*, principal: Decimal, apr: Decimal, days: int) -> Decimal:
    """
    Return what a locked principal earned in its first `days` reward days, credited so far.

    The floor of the exact sum, so that a day's credit is the difference of two of these and
    the remainder is carried without being stored: 1000 at 10 % over 30 days is 8.21917808,
    and not 30 times the floored day.
    """
    return rounding.floor_quotient(
        rounding.EXACT.multiply(rounding.EXACT.multiply(principal, apr), Decimal(days)),
        Decimal(DAYS_OF_A_YEAR),
        REWARD_DECIMALS,
    )


def balance_earning_a_unit_per_minute(apr: Decimal) -> Decimal:
    """
    Return the least balance that earns one reward unit (1e-8) every minute, 8 decimals, ceiled.

    Below it rewards still accrue; they only show less often than once a minute.
    """
    unit = Decimal(1).scaleb(-REWARD_DECIMALS)
    yearly = rounding.EXACT.multiply(unit, Decimal(MINUTES_OF_A_YEAR))
    floored = rounding.floor_quotient(yearly, apr, REWARD_DECIMALS)
    exact = rounding.EXACT.multiply(floored, apr) == yearly
    return floored if exact else rounding.EXACT.add(floored, unit)
