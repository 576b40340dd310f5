"""When it is earned (domain rules §2.2, §8): UTC midnights, half-open days and minutes."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from mooring.earn.rules import dates

A_MILLISECOND = timedelta(milliseconds=1)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def midnight(text):
    return utc(f"{text}T00:00:00")


def test_the_sample_of_the_documentation():
    term = dates.locked_dates(
        purchased_at=utc("2022-03-02T00:51:16"), duration_days=60, redeem_period_days=1
    )
    assert term.value_date == midnight("2022-03-03")
    assert term.rewards_end == midnight("2022-05-02")
    assert term.delivers_at == midnight("2022-05-03")


def test_after_four_days_of_the_sample_the_fifth_is_next_to_be_paid():
    value_date = midnight("2022-03-03")
    during = utc("2022-03-07T12:00:00")
    ended = dates.reward_days_ended(value_date=value_date, duration_days=60, at=during)
    assert ended == 4
    assert value_date + (ended + 1) * dates.A_DAY == midnight("2022-03-08")


@pytest.mark.parametrize(
    ("case", "purchased", "value_date"),
    [
        ("the last millisecond of a day", "2026-03-01T23:59:59.999", "2026-03-02"),
        ("the last microsecond of a day", "2026-03-01T23:59:59.999999", "2026-03-02"),
        ("the first moment of a day", "2026-03-02T00:00:00.000", "2026-03-03"),
        ("the day before a leap day", "2028-02-28T12:00:00", "2028-02-29"),
        ("a leap day", "2028-02-29T23:59:59.999", "2028-03-01"),
        ("28 February of a common year", "2026-02-28T12:00:00", "2026-03-01"),
        ("28 February of 2100, no leap year", "2100-02-28T12:00:00", "2100-03-01"),
        ("the last day of a year", "2026-12-31T23:59:59.999", "2027-01-01"),
    ],
)
def test_earning_begins_at_the_midnight_after_the_purchase(case, purchased, value_date):
    term = dates.locked_dates(purchased_at=utc(purchased), duration_days=1, redeem_period_days=0)
    assert term.value_date == midnight(value_date), case
    assert term.rewards_end == term.delivers_at == midnight(value_date) + dates.A_DAY, case


def test_a_term_over_a_leap_day_is_as_long_as_any():
    term = dates.locked_dates(
        purchased_at=utc("2028-02-14T08:00:00"), duration_days=30, redeem_period_days=1
    )
    assert term.rewards_end == midnight("2028-03-16")
    assert term.rewards_end - term.value_date == timedelta(days=30)


def test_a_purchase_is_dated_in_utc_wherever_its_clock_hangs():
    # 07:00 in Hanoi on the 2nd is midnight UTC of the 2nd; an hour earlier it is the 1st.
    hanoi = timezone(timedelta(hours=7))
    at = datetime(2026, 3, 2, 6, 59, 59, 999000, tzinfo=hanoi)
    assert dates.start_of_day(at) == midnight("2026-03-01")
    assert dates.start_of_day(at + A_MILLISECOND) == midnight("2026-03-02")


@pytest.mark.parametrize(
    ("case", "at", "ended"),
    [
        ("before it begins", "2026-03-01T10:00:00", 0),
        ("as it begins", "2026-03-02T00:00:00", 0),
        ("a millisecond before the first day ends", "2026-03-02T23:59:59.999", 0),
        ("as the first day ends", "2026-03-03T00:00:00.000", 1),
        ("a millisecond before the last day ends", "2026-03-31T23:59:59.999", 29),
        ("as the last day ends", "2026-04-01T00:00:00.000", 30),
        ("a year later", "2027-04-01T00:00:00", 30),
    ],
)
def test_a_day_is_earned_when_it_has_ended(case, at, ended):
    found = dates.reward_days_ended(value_date=midnight("2026-03-02"), duration_days=30, at=utc(at))
    assert found == ended, case


@pytest.mark.parametrize(
    ("case", "at", "minute"),
    [
        ("the first minute", "1970-01-01T00:00:00", 0),
        ("its last microsecond", "1970-01-01T00:00:59.999999", 0),
        ("the second minute", "1970-01-01T00:01:00", 1),
        ("a millisecond before midnight", "1970-01-01T23:59:59.999", 1439),
        ("the next day", "1970-01-02T00:00:00", 1440),
    ],
)
def test_a_moment_lies_in_the_minute_that_began_last(case, at, minute):
    assert dates.minute_of(utc(at)) == minute, case
    assert dates.time_of_minute(minute) <= utc(at), case


@pytest.mark.parametrize("day", ["2016-12-31", "2028-02-29", "2026-03-29", "2026-10-25"])
def test_every_day_has_1440_minutes(day):
    """Leap seconds, leap days and summer time take no part."""
    start = midnight(day)
    assert dates.minute_of(start + dates.A_DAY) - dates.minute_of(start) == 1440
    assert dates.time_of_minute(dates.minute_of(start)) == start


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    ("purchased", "change"),
    [
        ("2026-03-07T23:30:00", "2026-03-29T01:30:00"),
        ("2026-10-24T23:30:00", "2026-11-01T06:30:00"),
    ],
)
def test_a_customers_summer_time_changes_no_day_and_no_minute(zone, purchased, change):
    """The same moments, told in the customer's zone: around the hour that is missing or twice."""
    there = ZoneInfo(zone)
    term = dates.locked_dates(
        purchased_at=utc(purchased).astimezone(there), duration_days=30, redeem_period_days=1
    )
    assert term == dates.locked_dates(
        purchased_at=utc(purchased), duration_days=30, redeem_period_days=1
    )
    for hours in range(-30, 31):
        at = utc(change) + timedelta(hours=hours)
        ended = [
            dates.reward_days_ended(value_date=term.value_date, duration_days=30, at=moment)
            for moment in (at, at.astimezone(there))
        ]
        assert ended[0] == ended[1]
        assert dates.minute_of(at) == dates.minute_of(at.astimezone(there))
