"""Daily rewards by rule: the tiers, the least balance of a day, what a late touch books."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.earn.rules import daily, dates
from mooring.earn.rules.daily import DailyRates, Tier, TiersFrom
from tests.earn.shapes import flexible

DAY = date(2026, 3, 2)
A_DAY = timedelta(days=1)
#: Tiers of domain rules §1.2: 5 % up to 5, 3 % up to 10.
TIERS = (
    Tier(above=Decimal(0), up_to=Decimal(5), rate=Decimal("0.05")),
    Tier(above=Decimal(5), up_to=Decimal(10), rate=Decimal("0.03")),
)


def rates(*sets, asset="USDT"):
    return DailyRates(asset=asset, sets=sets)


def bonus(tiers=TIERS, from_day=DAY, asset="USDT"):
    return TiersFrom(asset=asset, from_day=from_day, tiers=tiers)


def position(principal="7", *, day=DAY, **facts):
    """Return a position that stands at the midnight of a day, nothing booked of it yet."""
    facts = {
        "accrued_minute": dates.minute_of(daily.midnight(day)),
        "daily_booked": day,
        "daily_paid": day,
    } | facts
    return flexible(principal, **facts)


def booked(holding, *, today=DAY + A_DAY, paid=None, growths=()):
    """Book up to a day; a unit that nothing is said of has not grown."""
    grown = defaultdict(lambda: Decimal(1), growths)
    return daily.book(holding, paid or rates(bonus()), today=today, growths=grown)


# --- domain rules §1.2: the vectors ---


@pytest.mark.parametrize(
    ("case", "balance", "reward"),
    [
        ("the vector of the domain rules", "7", "0.00084931"),
        ("within the first tier", "1", "0.00013698"),
        ("at the edge of a tier", "5", "0.00068493"),
        ("at the end of the last tier", "10", "0.00109589"),
        ("beyond all tiers earns no more", "1000", "0.00109589"),
        ("nothing", "0", "0"),
    ],
)
def test_a_bonus_is_marginal_like_tax_brackets(case, balance, reward):
    assert booked(position(balance)).bonus == Decimal(reward), case


def test_the_last_tier_may_have_no_end():
    open_ended = bonus((Tier(above=Decimal(0), up_to=None, rate=Decimal("0.0365")),))
    assert booked(position("1000000"), paid=rates(open_ended)).bonus == 100


def test_what_is_below_the_unit_is_carried_and_nothing_is_lost():
    holding, total = position("7"), Decimal(0)
    for number in range(365):
        done = booked(holding, today=DAY + (number + 1) * A_DAY)
        total += done.bonus
        holding.bonus_carry, holding.daily_booked = done.bonus_carry, done.until
        holding.accrued_minute = dates.minute_of(daily.midnight(done.until))
    # 5 * 5 % + 2 * 3 % in a year; a floor at 30 decimals is lost each day.
    missing = Decimal("0.31") - total - holding.bonus_carry
    assert 0 <= missing < Decimal("1e-27")
    assert total == Decimal("0.30999999")


# --- which balance ---


def test_the_least_balance_of_the_day_earns():
    holding = position("7", low_day=DAY, low=Decimal(1))
    assert booked(holding).bonus == Decimal("0.00013698")


def test_a_low_of_another_day_says_nothing():
    holding = position("7", low_day=DAY - A_DAY, low=Decimal(1))
    assert booked(holding).bonus == Decimal("0.00084931")


def test_what_is_pledged_earns_nothing_and_what_waits_to_leave_does():
    holding = position("6", pledged=Decimal(100), queued=Decimal(1))
    assert booked(holding).bonus == Decimal("0.00084931")


def test_a_balance_at_midnight_has_the_rewards_credited_until_then():
    holding = position("4.99", accrued_minute=1, growth=Decimal(1))
    done = booked(holding, growths={DAY: Decimal("1.5")})
    assert done.bonus == booked(position("7.485")).bonus


def test_the_day_under_way_begins_with_what_there_was_at_midnight():
    holding = position("7", day=DAY + A_DAY)
    done = booked(holding)
    assert (done.bonus, done.low, done.until) == (0, 7, DAY + A_DAY)


@pytest.mark.parametrize(("left", "low"), [("6", "6"), ("7", "7"), ("8", "7")])
def test_a_touch_can_only_lower_the_low(left, low):
    holding = position(left, low_day=DAY, low=Decimal(7))
    assert daily.low_after(holding) == Decimal(low)


# --- which days ---


@pytest.mark.parametrize(
    ("case", "at", "day"),
    [
        ("the last moment of a day", datetime(2026, 3, 2, 23, 59, 59, 999000, tzinfo=UTC), DAY),
        ("the first moment of the next", datetime(2026, 3, 3, tzinfo=UTC), DAY + A_DAY),
    ],
)
def test_a_day_is_half_open(case, at, day):
    assert daily.day_of(at) == day, case


def test_a_day_is_of_utc_whatever_the_zone_of_the_customer():
    summer_time_begins = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    for zone in ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"):
        local = summer_time_begins.astimezone(ZoneInfo(zone))
        assert daily.day_of(local) == date(2026, 3, 29), zone


def test_a_touch_after_the_close_of_its_day_belongs_to_the_next():
    closed = position("7", day=DAY + A_DAY)
    late = datetime(2026, 3, 2, 23, 59, 59, 999000, tzinfo=UTC)
    assert daily.touched_on(closed, at=late) == DAY + A_DAY


@pytest.mark.parametrize(
    ("case", "sets", "today", "days"),
    [
        ("nothing was ever set", (), 3, []),
        ("every day since the last booked", (bonus(),), 3, [0, 1, 2]),
        ("from the first day that pays", (bonus(from_day=DAY + A_DAY),), 3, [1, 2]),
        ("a day that is announced", (bonus(from_day=DAY + 9 * A_DAY),), 3, []),
        ("until a rate of nothing ends it",
         (bonus(), bonus((Tier(above=Decimal(0), up_to=None, rate=Decimal(0)),), DAY + A_DAY)),
         3, [0]),
        ("the day under way is not finished", (bonus(),), 0, []),
    ],
)  # fmt: skip
def test_books_the_finished_days_that_pay(case, sets, today, days):
    found = daily.days_to_book(position("7"), rates(*sets), today=DAY + today * A_DAY)
    assert found == [DAY + day * A_DAY for day in days], case


def test_29_february_earns_as_every_day():
    year = [date(2028, 1, 1) + number * A_DAY for number in range(366)]
    holding = position("1000", day=year[0])
    paid = rates(bonus((Tier(above=Decimal(0), up_to=None, rate=Decimal("0.0365")),), year[0]))
    done = booked(holding, today=date(2029, 1, 1), paid=paid)
    assert done.bonus == Decimal("36.6")


def test_the_extra_reward_is_on_the_same_balance_in_its_own_asset():
    extra = TiersFrom(
        asset="BTC",
        from_day=DAY,
        tiers=(Tier(above=Decimal(0), up_to=Decimal(100), rate=Decimal("3.65")),),
    )
    done = booked(position("7"), paid=rates(bonus(), extra))
    assert (done.bonus, done.extra) == (Decimal("0.00084931"), Decimal("0.07"))


# --- properties ---

amounts = st.decimals(min_value=0, max_value=10**9, places=18)
sizes = st.decimals(min_value="0.000000000000000001", max_value=10**6, places=18)
yearly = st.decimals(min_value=0, max_value=100, places=10)


@st.composite
def schedules(draw):
    """Tiers as they are set, the last one with an end or without."""
    begin, tiers = Decimal(0), []
    for size, rate in draw(st.lists(st.tuples(sizes, yearly), min_size=1, max_size=5)):
        tiers.append(Tier(above=begin, up_to=begin + size, rate=rate))
        begin += size
    if draw(st.booleans()):
        tiers[-1] = Tier(above=tiers[-1].above, up_to=None, rate=tiers[-1].rate)
    return tuple(tiers)


@given(balance=amounts, tiers=schedules())
def test_steps_are_the_tiers(balance, tiers):
    assert daily.are_a_schedule(tiers)
    steps = daily.steps_of(tiers)
    exact = sum(
        max(
            Decimal(0), min(balance, tier.up_to if tier.up_to is not None else balance) - tier.above
        )
        * tier.rate
        for tier in tiers
    )
    if steps is None:
        assert exact == 0
        return
    step = max(n for n, above in enumerate(steps.aboves) if above <= balance)
    assert steps.bases[step] + (balance - steps.aboves[step]) * steps.rates[step] == exact


@given(balance=amounts, tiers=schedules())
def test_a_days_reward_is_the_floor_of_the_exact_fraction(balance, tiers):
    exact = (
        sum(
            max(
                Fraction(0),
                Fraction(min(balance, tier.up_to if tier.up_to is not None else balance))
                - Fraction(tier.above),
            )
            * Fraction(tier.rate)
            for tier in tiers
        )
        / 365
    )
    assert 0 <= exact - Fraction(daily.reward_of_day(balance, tiers)) < Fraction(1, 10**30)


@given(one=amounts, other=amounts, tiers=schedules())
def test_splitting_or_merging_under_one_rate_makes_no_value(one, other, tiers):
    """Over two accounts, never more than the one and less by at most the floor."""
    flat = (Tier(above=Decimal(0), up_to=None, rate=tiers[0].rate),)
    paid = rates(bonus(flat))
    whole = booked(position(str(one + other)), paid=paid)
    parts = [booked(position(str(part)), paid=paid) for part in (one, other)]
    assert 0 <= whole.bonus - sum(part.bonus for part in parts) <= Decimal("1e-8")
    kept = whole.bonus + whole.bonus_carry - sum(part.bonus + part.bonus_carry for part in parts)
    assert 0 <= kept <= Decimal("1e-30")


@given(
    balance=amounts,
    tiers=schedules(),
    cuts=st.lists(st.integers(1, 29), max_size=5),
)
def test_it_does_not_matter_how_often_somebody_looked(balance, tiers, cuts):
    """Booked at the end, or at any days in between: the same to the last digit."""
    paid, end = rates(bonus(tiers)), DAY + 30 * A_DAY
    growths = {DAY + number * A_DAY: Decimal(1) for number in range(31)}
    at_once = daily.book(position(str(balance)), paid, today=end, growths=growths)
    holding, total = position(str(balance)), Decimal(0)
    for cut in sorted({*cuts, 30}):
        done = daily.book(holding, paid, today=DAY + cut * A_DAY, growths=growths)
        total += done.bonus
        holding.bonus_carry, holding.daily_booked = done.bonus_carry, done.until
        holding.low_day, holding.low = done.until, done.low
    assert (total, holding.bonus_carry) == (at_once.bonus, at_once.bonus_carry)


@pytest.mark.parametrize(
    ("case", "tiers"),
    [
        ("none", ()),
        ("does not begin at nothing", (Tier(above=Decimal(1), up_to=None, rate=Decimal(1)),)),
        ("a gap", (TIERS[0], Tier(above=Decimal(6), up_to=None, rate=Decimal(1)))),
        ("an overlap", (TIERS[0], Tier(above=Decimal(4), up_to=None, rate=Decimal(1)))),
        ("goes on after its end", (Tier(above=Decimal(0), up_to=None, rate=Decimal(1)), TIERS[1])),
        ("of no width", (Tier(above=Decimal(0), up_to=Decimal(0), rate=Decimal(1)),)),
        ("below zero", (Tier(above=Decimal(0), up_to=None, rate=Decimal(-1)),)),
        ("finer than the column", (Tier(above=Decimal(0), up_to=None, rate=Decimal("1e-11")),)),
        ("more than the column", (Tier(above=Decimal(0), up_to=None, rate=Decimal(10**9)),)),
    ],
)
def test_what_is_no_schedule(case, tiers):
    assert not daily.are_a_schedule(tiers), case
