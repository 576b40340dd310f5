"""
The date algebra of Earn (domain rules §2.2); everything is UTC, days are half-open.

    value_date   = the day after the purchase
    reward day k = [value_date + k, value_date + k + 1), k = 0 .. duration - 1
    rewards_end  = value_date + duration
    delivery     = rewards_end + redeem_period
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

A_DAY: Final = timedelta(days=1)
MINUTES_OF_A_DAY: Final = 1440
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedDates:
    """When a locked position earns and when its principal comes back."""

    value_date: datetime
    rewards_end: datetime
    delivers_at: datetime


def start_of_day(at: datetime) -> datetime:
    """Return the UTC midnight that began the day of `at`."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def locked_dates(
    *, purchased_at: datetime, duration_days: int, redeem_period_days: int
) -> LockedDates:
    """
    Return a locked position's dates.

    A purchase at 23:59:59.999 UTC counts for that date.

    Source: domain rules §2.2, checked on the sample given there.
    """
    value_date = start_of_day(purchased_at) + A_DAY
    rewards_end = value_date + timedelta(days=duration_days)
    return LockedDates(
        value_date=value_date,
        rewards_end=rewards_end,
        delivers_at=rewards_end + timedelta(days=redeem_period_days),
    )


def reward_days_ended(*, value_date: datetime, duration_days: int, at: datetime) -> int:
    """Return how many reward days have ended at `at`: 0 to `duration_days`."""
    return max(0, min((at - value_date) // A_DAY, duration_days))


def minute_of(at: datetime) -> int:
    """
    Return the minute `at` lies in, counted from 1970.

    Minutes of Unix time: a day has 1440 of them, whatever leap seconds do (domain rules §8).
    """
    return (at - _EPOCH) // timedelta(minutes=1)


def time_of_minute(minute: int) -> datetime:
    """Return when a minute began."""
    return _EPOCH + timedelta(minutes=minute)
