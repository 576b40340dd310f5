"""What is true of rewards and of leaving whatever the figures: searched for, not chosen."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from mooring.earn.rules import rewards
from mooring.earn.rules.flexible_exit import leave_flexible
from mooring.earn.rules.redemption import leave_locked
from tests.earn.shapes import VALUE_DATE, flexible, flexible_terms, locked, locked_terms

UNIT = Decimal("1e-8")
#: What two floors at 30 decimals may differ by, times the largest balance drawn here.
HAIR = Fraction(1, 10**18)

amounts = st.decimals(
    min_value=Decimal("1e-18"), max_value=Decimal(10**9), places=18, allow_nan=False
)
carries = st.decimals(min_value=0, max_value=Decimal("0.000000009999"), places=30)
aprs = st.decimals(min_value=0, max_value=3, places=10)
minutes = st.integers(min_value=0, max_value=60 * 24 * 40)
MODES = ["DISTRIBUTED_AND_ACCRUED", "ACCRUED_ONLY", "PRO_RATA", "NONE"]


def growth(apr, minute):
    return rewards.growth_at(rewards.RateFrom(from_minute=0, apr=apr, growth=Decimal(1)), minute)


def accrue(balance, carry, apr, start, end):
    return rewards.accrue(
        balance=balance,
        carry=carry,
        growth_from=growth(apr, start),
        growth_to=growth(apr, start + end),
    )


def worth(earned):
    return Fraction(earned.credited) + Fraction(earned.carry)


@given(amounts, carries, aprs, minutes, minutes)
def test_nothing_is_earned_beyond_the_rate_and_next_to_nothing_lost(
    balance, carry, apr, start, span
):
    earned = accrue(balance, carry, apr, start, span)
    exact = (Fraction(balance) + Fraction(carry)) * Fraction(growth(apr, start + span)) / Fraction(
        growth(apr, start)
    ) - Fraction(balance)
    assert 0 <= exact - worth(earned) < Fraction(1, 10**30)
    assert 0 <= earned.carry < UNIT
    assert earned.credited % UNIT == 0


@given(amounts, amounts, carries, carries, aprs, minutes, minutes)
def test_two_positions_never_earn_more_than_one_of_both(
    first, second, carry, other_carry, apr, start, span
):
    apart = [
        accrue(first, carry, apr, start, span),
        accrue(second, other_carry, apr, start, span),
    ]
    together = accrue(first + second, carry + other_carry, apr, start, span)
    assert sum(earned.credited for earned in apart) <= together.credited
    assert 0 <= worth(together) - sum(map(worth, apart)) <= Fraction(2, 10**30)


@given(amounts, carries, aprs, st.lists(minutes, max_size=8), minutes)
def test_it_does_not_matter_how_often_somebody_looked(balance, carry, apr, looks, span):
    """Splitting time, as splitting money, neither makes nor loses any."""
    once = accrue(balance, carry, apr, 0, span)
    claim, kept, credited, before = balance, carry, Decimal(0), Decimal(1)
    for minute in [*sorted(look for look in looks if look < span), span]:
        after = growth(apr, minute)
        earned = rewards.accrue(balance=claim, carry=kept, growth_from=before, growth_to=after)
        claim, credited = claim + earned.credited, credited + earned.credited
        kept, before = earned.carry, after
    assert abs(Fraction(credited) + Fraction(kept) - worth(once)) < HAIR


@given(aprs, aprs, minutes, minutes)
def test_a_growth_at_a_change_of_rate_is_the_growth_of_both(apr, then, first, second):
    turn = rewards.RateFrom(from_minute=first, apr=then, growth=growth(apr, first))
    end = rewards.growth_at(turn, first + second)
    exact = Fraction(growth(apr, first)) * Fraction(growth(then, second))
    assert abs(Fraction(end) - exact) <= exact * Fraction(2, 10**30)


@given(amounts, aprs, st.integers(1, 400))
def test_daily_credits_sum_to_the_floor_of_the_exact_sum(principal, apr, days):
    def until(day):
        return rewards.locked_reward(principal=principal, apr=apr, days=day)

    exact = Fraction(principal) * Fraction(apr) * days / 365
    assert 0 <= exact - Fraction(until(days)) < Fraction(UNIT)
    assert all(until(day) >= until(day - 1) for day in range(1, min(days, 40)))


@given(amounts, amounts, aprs, st.integers(1, 400))
def test_two_locked_positions_never_earn_more_than_one_of_both(first, second, apr, days):
    def reward(principal):
        return rewards.locked_reward(principal=principal, apr=apr, days=days)

    surplus = reward(first + second) - reward(first) - reward(second)
    assert surplus in {0, UNIT}


shares = st.decimals(min_value=0, max_value=1, places=6)


@given(amounts, carries, aprs, minutes, shares, st.decimals(0, Decimal("0.99"), places=10))
def test_what_leaves_and_what_stays_is_what_was_there(principal, carry, apr, span, share, fee_rate):
    holding = flexible(principal, carry=carry, terms=flexible_terms(fee_rate=fee_rate))
    growth_to = growth(apr, span)
    claim = (Fraction(principal) + Fraction(carry)) * Fraction(growth_to)
    amount = (principal * share).quantize(UNIT)
    leaving = leave_flexible(
        holding,
        amount=amount if 0 < amount <= principal else None,
        growth=growth_to,
        minute=holding.accrued_minute + span,
        at=VALUE_DATE,
    )
    stays = principal + leaving.credited - leaving.amount
    kept = Fraction(stays) + Fraction(leaving.carry) + Fraction(leaving.carry_dropped)
    assert 0 <= claim - kept - Fraction(leaving.amount) < Fraction(1, 10**30)
    assert leaving.net == leaving.amount - leaving.fee
    assert 0 <= leaving.net <= leaving.amount
    assert 0 <= leaving.carry + leaving.carry_dropped < UNIT
    assert leaving.whole == (stays == 0)


@given(
    amounts,
    st.decimals(min_value=0, max_value=99, places=10),
    st.sampled_from(MODES),
    st.decimals(0, Decimal("0.99"), places=10),
    st.integers(1, 200).flatmap(
        lambda term: st.tuples(st.just(term), st.integers(0, term - 1)).flatmap(
            lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), st.integers(0, pair[1]))
        )
    ),
)
def test_every_unit_of_an_early_exit_is_accounted_for(principal, apr, mode, fee_rate, days):
    duration, ended, paid_days = days
    terms = locked_terms(claw_back=mode, apr=apr, fee_rate=fee_rate, duration_days=duration)
    holding = locked(principal, terms=terms, days_paid=paid_days)
    at = VALUE_DATE + timedelta(days=ended, hours=1)
    leaving = leave_locked(holding, amount=None, at=at)

    def reward(number):
        return rewards.locked_reward(principal=principal, apr=apr, days=number)

    paid = reward(paid_days)
    assert leaving.net == principal - leaving.deducted - leaving.fee + leaving.rewards_added
    assert leaving.accrued == leaving.forfeited + leaving.rewards_added
    assert leaving.rewards_kept + leaving.deducted == paid
    assert leaving.accrued + paid == reward(ended)
    assert min(leaving.net, leaving.deducted, leaving.forfeited, leaving.fee) >= 0
    # Claw-back never exceeds what was distributed (I-13), nor what there is to take it from.
    assert leaving.deducted <= min(paid, principal)
