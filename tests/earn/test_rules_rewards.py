"""How much is earned, to the last digit: every vector of domain rules §1.2 and §2.2."""

from decimal import Decimal
from fractions import Fraction

import pytest

from mooring.earn.rules import rewards
from mooring.earn.rules.rewards import RateFrom

A_DAY = 1440
START = 29_000_000


def rate(apr, growth="1"):
    return RateFrom(from_minute=START, apr=Decimal(apr), growth=Decimal(growth))


def accrued(balance, apr, minutes, carry="0"):
    return rewards.accrue(
        balance=Decimal(balance),
        carry=Decimal(carry),
        growth_from=Decimal(1),
        growth_to=rewards.growth_at(rate(apr), START + minutes),
    )


def touched_every_minute(balance, apr, minutes):
    """Return what is credited when every single minute is looked at, and the last carry."""
    claim, carry, credited, before = Decimal(balance), Decimal(0), Decimal(0), Decimal(1)
    for minute in range(1, minutes + 1):
        after = rewards.growth_at(rate(apr), START + minute)
        earned = rewards.accrue(balance=claim, carry=carry, growth_from=before, growth_to=after)
        claim, credited = claim + earned.credited, credited + earned.credited
        carry, before = earned.carry, after
    return credited, carry


# --- domain rules §1.2 ---


def test_one_bitcoin_at_a_fifth_of_a_percent_earns_although_each_minute_is_below_the_unit():
    earned = accrued("1", "0.002", A_DAY)
    assert earned.credited == Decimal("0.00000547")
    # 9.452e-9 without compounding, a little more with it.
    assert Decimal("9.452e-9") < earned.carry < Decimal("9.48e-9")


def test_without_compounding_the_same_day_is_the_vector_exactly():
    credited = rewards.locked_reward(principal=Decimal(1), apr=Decimal("0.002"), days=1)
    exact = Decimal("0.002") / 365
    assert credited == Decimal("0.00000547")
    assert f"{exact - credited:.3e}" == "9.452e-9"


def test_looking_every_minute_loses_nothing_of_it():
    credited, carry = touched_every_minute("1", "0.002", A_DAY)
    once = accrued("1", "0.002", A_DAY)
    assert credited == Decimal("0.00000547")
    assert abs(carry - once.carry) < Decimal("1e-18")


def test_without_the_carry_it_would_be_nothing_for_ever():
    one_minute = accrued("1", "0.002", 1)
    assert one_minute.credited == 0
    assert one_minute.carry > 0


def test_minutes_compound():
    assert accrued("1000", "0.03", A_DAY).credited == Decimal("0.08219515")


def test_simple_interest_would_be_less():
    simple = rewards.locked_reward(principal=Decimal(1000), apr=Decimal("0.03"), days=1)
    assert simple == Decimal("0.08219178")


@pytest.mark.parametrize(
    ("apr", "balance"),
    [
        ("0.002", "2.628"),
        ("0.03", "0.1752"),
        ("1", "0.005256"),
        # It does not end: what earns a unit is the next one up.
        ("0.07", "0.07508572"),
    ],
)
def test_the_least_balance_that_earns_a_unit_every_minute(apr, balance):
    least = rewards.balance_earning_a_unit_per_minute(Decimal(apr))
    assert least == Decimal(balance)
    # A growth is floored at 30 decimals: what hits the unit exactly may be a hair below it.
    unit = Decimal("1e-8")
    assert accrued(least, apr, 1, carry="1e-20").credited == unit
    assert accrued(least - unit, apr, 1, carry="1e-20").credited == 0


# --- domain rules §1.3: half-open minutes, history of rates ---


def test_the_minute_that_has_not_ended_earns_nothing():
    assert accrued("1000000", "0.5", 0).credited == 0
    assert accrued("1000000", "0.5", 1).credited > 0


def test_a_catch_up_uses_the_rate_of_each_minute():
    """An hour at 3 % and an hour at 6 %, looked at once, is both hours and not one twice."""
    turn = rewards.growth_at(rate("0.03"), START + 60)
    second = RateFrom(from_minute=START + 60, apr=Decimal("0.06"), growth=turn)
    end = rewards.growth_at(second, START + 120)
    both = rewards.accrue(
        balance=Decimal(1000), carry=Decimal(0), growth_from=Decimal(1), growth_to=end
    )
    first = accrued("1000", "0.03", 60)
    then = rewards.accrue(
        balance=1000 + first.credited, carry=first.carry, growth_from=turn, growth_to=end
    )
    assert both.credited == first.credited + then.credited
    assert accrued("1000", "0.03", 120).credited < both.credited
    assert both.credited < accrued("1000", "0.06", 120).credited


def test_a_rate_of_zero_pauses_and_keeps_the_carry():
    earned = accrued("1", "0", A_DAY, carry="0.000000009")
    assert (earned.credited, earned.carry) == (0, Decimal("0.000000009"))


def test_a_carry_becomes_a_unit_when_it_is_one():
    minute = accrued("1", "0.002", 1)
    earned = accrued("1", "0.002", 1, carry="0.000000009999")
    assert minute.credited == 0
    assert earned.credited == Decimal("1e-8")
    assert earned.carry < Decimal("1e-8")


def test_what_a_unit_has_grown_to_is_not_known_before_its_rate():
    with pytest.raises(ValueError, match="later than the minute"):
        rewards.growth_at(rate("0.03"), START - 1)


def test_a_growth_is_floored_at_thirty_decimals():
    grown = rewards.growth_at(rate("0.03"), START + 1)
    # 1 + 0.03 / 525600 = 1 + 1 / 17520000
    assert grown == Decimal("1.000000057077625570776255707762")


def test_a_year_at_a_hundred_percent_is_nearly_e():
    grown = rewards.growth_at(rate("1"), START + 365 * A_DAY)
    assert Decimal("2.71827") < grown < Decimal("2.718281828459045")


# --- domain rules §2.2: a locked position, by the day ---


def test_a_day_is_floored_and_the_carry_makes_the_sum_exact():
    def days(number):
        return rewards.locked_reward(principal=Decimal(1000), apr=Decimal("0.1"), days=number)

    assert days(1) == Decimal("0.27397260")
    assert days(30) == Decimal("8.21917808")
    assert 30 * days(1) == Decimal("8.21917800")
    daily = [days(number) - days(number - 1) for number in range(1, 31)]
    assert sum(daily) == Decimal("8.21917808")
    assert set(daily) == {Decimal("0.27397260"), Decimal("0.27397261")}


def test_a_year_has_365_days_in_a_leap_year_too():
    whole = rewards.locked_reward(principal=Decimal(365), apr=Decimal("0.1"), days=365)
    assert whole == Decimal("36.5")
    leap = rewards.locked_reward(principal=Decimal(365), apr=Decimal("0.1"), days=366)
    assert leap == Decimal("36.6")


@pytest.mark.parametrize("days", [0, 1, 29, 30])
def test_no_rate_earns_nothing(days):
    assert rewards.locked_reward(principal=Decimal(1000), apr=Decimal(0), days=days) == 0


# --- as wide as the book ---


def test_no_digit_is_lost_in_the_largest_balance_of_the_book():
    largest = Decimal("99999999999999999999.999999999999999999")
    earned = accrued(largest, "0.03", 1)
    exact = Fraction(largest) * Fraction("0.03") / 525600
    # Thirty decimals of a growth, times twenty digits.
    assert abs(Fraction(earned.credited) + Fraction(earned.carry) - exact) < Fraction("1e-9")
    assert rewards.locked_reward(principal=largest, apr=Decimal("3.65"), days=100) == Decimal(
        "99999999999999999999.99999999"
    )
