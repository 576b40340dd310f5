"""Rounding says what it left over, and never makes value."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.kernel.rounding import EXACT, ceil_to, floor_quotient, floor_to

numbers = st.decimals(min_value=-(10**20), max_value=10**20, places=18)
positive = st.decimals(min_value=Decimal("1e-18"), max_value=10**18, places=18)
decimals = st.integers(min_value=0, max_value=18)


def unit(places):
    return Decimal(1).scaleb(-places)


@pytest.mark.parametrize(
    ("number", "floored", "left", "ceiled"),
    [
        ("1.239", "1.23", "0.009", "1.24"),
        ("1.23", "1.23", "0", "1.23"),
        ("1.235", "1.23", "0.005", "1.24"),
        ("-1.235", "-1.24", "0.005", "-1.23"),
        ("0.001", "0.00", "0.001", "0.01"),
        ("-0.001", "-0.01", "0.009", "0"),
    ],
)
def test_rounds_by_name(number, floored, left, ceiled):
    assert floor_to(Decimal(number), 2) == (Decimal(floored), Decimal(left))
    assert ceil_to(Decimal(number), 2)[0] == Decimal(ceiled)


@given(numbers, decimals)
def test_a_floor_and_its_remainder_are_the_whole(number, places):
    rounded, left = floor_to(number, places)
    assert Fraction(rounded) + Fraction(left) == Fraction(number)
    assert 0 <= left < unit(places)
    assert (Fraction(rounded) / Fraction(unit(places))).denominator == 1


@given(numbers, decimals)
def test_a_ceiling_and_its_remainder_are_the_whole(number, places):
    rounded, left = ceil_to(number, places)
    assert Fraction(rounded) + Fraction(left) == Fraction(number)
    assert -unit(places) < left <= 0


@given(positive, st.integers(min_value=1, max_value=200), decimals)
def test_splitting_never_makes_value(whole, count, places):
    share = floor_quotient(whole, Decimal(count), places)
    assert Fraction(share) * count <= Fraction(whole)
    assert Fraction(whole) - Fraction(share) * count < count * Fraction(unit(places))


@given(positive, positive, decimals)
def test_a_quotient_is_the_floor_of_the_exact_one(numerator, denominator, places):
    quotient = floor_quotient(numerator, denominator, places)
    exact = Fraction(numerator) / Fraction(denominator)
    assert Fraction(quotient) <= exact < Fraction(quotient) + Fraction(unit(places))


@given(st.lists(positive, min_size=1, max_size=50))
def test_carried_remainders_lose_nothing(earned):
    paid, carry = Decimal(0), Decimal(0)
    for reward in earned:
        credit, carry = floor_to(EXACT.add(reward, carry), 8)
        paid = EXACT.add(paid, credit)
    assert Fraction(paid) + Fraction(carry) == sum(map(Fraction, earned))
    assert 0 <= carry < unit(8)


def test_a_negative_quotient_is_floored_too():
    assert floor_quotient(Decimal(-1), Decimal(3), 2) == Decimal("-0.34")


def test_nothing_is_divided_by_nothing():
    with pytest.raises(ZeroDivisionError):
        floor_quotient(Decimal(1), Decimal(0), 2)
