"""What leaving costs: who may leave, when, and every unit accounted for."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.earn import errors
from mooring.earn.rules import dates, rewards
from mooring.earn.rules.flexible_exit import leave_flexible
from mooring.earn.rules.redemption import leave_locked, mature
from tests.earn.shapes import VALUE_DATE, flexible, flexible_terms, locked, locked_terms

START = flexible().accrued_minute
A_MILLISECOND = timedelta(milliseconds=1)


def growth(minutes, apr="0.03"):
    rate = rewards.RateFrom(from_minute=START, apr=Decimal(apr), growth=Decimal(1))
    return rewards.growth_at(rate, START + minutes)


def leave(holding, amount=None, *, minutes=0, apr="0.03"):
    return leave_flexible(
        holding,
        amount=None if amount is None else Decimal(amount),
        growth=growth(minutes, apr),
        minute=START + minutes,
        at=dates.time_of_minute(START + minutes),
    )


def after(days):
    """Return noon of the day on which so many reward days have ended."""
    return VALUE_DATE + timedelta(days=days, hours=12)


def adds_up(leaving):
    return leaving.net == (leaving.amount - leaving.deducted - leaving.fee + leaving.rewards_added)


# --- flexible ---


def test_everything_takes_the_accrued_rewards_along():
    leaving = leave(flexible(), minutes=1440)
    assert leaving.whole
    assert leaving.amount == leaving.net == Decimal("1000.08219515")
    assert leaving.credited == leaving.accrued == Decimal("0.08219515")
    assert leaving.arrives_from == leaving.arrives_until
    assert (leaving.deducted, leaving.forfeited, leaving.undo_until) == (0, 0, None)


def test_a_part_leaves_the_rewards_and_the_carry_in_the_position():
    leaving = leave(flexible(), "400", minutes=1440)
    assert not leaving.whole
    assert (leaving.amount, leaving.net) == (400, 400)
    assert leaving.credited == Decimal("0.08219515")
    assert leaving.carry > 0
    assert leaving.carry_dropped == 0


def test_what_is_below_the_unit_stays_with_the_platform_when_a_position_ends():
    leaving = leave(flexible(), minutes=1440)
    assert leaving.carry == 0
    assert 0 < leaving.carry_dropped < Decimal("1e-8")


def test_every_unit_by_name_is_everything():
    assert leave(flexible(), "1000.08219515", minutes=1440).whole


def test_the_minute_of_the_redemption_earns_nothing():
    assert leave(flexible(), minutes=0).credited == 0


@pytest.mark.parametrize(
    ("case", "holding", "amount", "refusal"),
    [
        ("left already", flexible(status="PAID"), "1", errors.PositionNotHolding),
        ("nothing", flexible(), "0", errors.AmountNotPositive),
        ("less than nothing", flexible(), "-1", errors.AmountNotPositive),
        ("everything of nothing", flexible("0"), None, errors.AmountNotPositive),
        ("a unit too much", flexible(), "1000.00000001", errors.AmountExceedsPosition),
        ("too little would stay", flexible(terms=flexible_terms(minimum_remaining=Decimal(10))),
         "990.00000001", errors.BelowMinimumRemaining),
    ],
)  # fmt: skip
def test_refuses_to_leave(case, holding, amount, refusal):
    with pytest.raises(refusal):
        leave(holding, amount)
    assert case


@pytest.mark.parametrize("amount", ["990", None])
def test_the_least_that_may_stay_is_no_trap(amount):
    holding = flexible(terms=flexible_terms(minimum_remaining=Decimal(10)))
    assert leave(holding, amount).amount == Decimal(amount or 1000)


@pytest.mark.parametrize(
    ("case", "rate", "amount", "fee"),
    [
        ("none", "0", "400", "0"),
        ("a share", "0.001", "400", "0.4"),
        ("ceiled to the unit", "0.001", "0.00001234", "0.00000002"),
        ("never more than what leaves", "0.5", "0.00000001", "0.00000001"),
    ],
)
def test_a_fee_is_ceiled_and_taken_from_what_leaves(case, rate, amount, fee):
    holding = flexible(terms=flexible_terms(fee_rate=Decimal(rate)))
    leaving = leave(holding, amount)
    assert leaving.fee == Decimal(fee), case
    assert adds_up(leaving), case


# --- locked, before its end ---


def test_the_vector_of_the_claw_back():
    """1000 at 10 %, left after ten paid days: 997.26027400 (without carry, a day at a time)."""
    day = rewards.locked_reward(principal=Decimal(1000), apr=Decimal("0.1"), days=1)
    assert 10 * day == Decimal("2.73972600")
    assert 1000 - 10 * day == Decimal("997.26027400")
    # With carry ten days are two units more, and exactly that is taken back.
    leaving = leave_locked(locked(days_paid=10), amount=None, at=after(10))
    assert leaving.deducted == Decimal("2.73972602")
    assert leaving.net == Decimal("997.26027398")


PAID = Decimal("2.73972602")
ACCRUED = Decimal("0.27397261")


@pytest.mark.parametrize(
    ("mode", "deducted", "forfeited", "added"),
    [
        ("DISTRIBUTED_AND_ACCRUED", PAID, ACCRUED, 0),
        ("ACCRUED_ONLY", 0, ACCRUED, 0),
        # 11 of 30 days served: of each, that share is kept, floored.
        ("PRO_RATA", PAID - Decimal("1.00456620"), ACCRUED - Decimal("0.10045662"),
         Decimal("0.10045662")),
        ("NONE", 0, 0, ACCRUED),
    ],
)  # fmt: skip
def test_every_claw_back_takes_what_it_says(mode, deducted, forfeited, added):
    holding = locked(terms=locked_terms(claw_back=mode), days_paid=10, days_accrued=11)
    leaving = leave_locked(holding, amount=None, at=after(11))
    assert leaving.type == "EARLY"
    assert (leaving.deducted, leaving.forfeited) == (deducted, forfeited)
    assert leaving.rewards_added == added
    assert leaving.rewards_kept == PAID - deducted
    assert leaving.accrued == forfeited + added
    assert adds_up(leaving)


@pytest.mark.parametrize("days_accrued", [10, 11])
def test_a_day_that_ended_and_is_not_booked_is_counted_alike(days_accrued):
    holding = locked(days_paid=10, days_accrued=days_accrued)
    leaving = leave_locked(holding, amount=None, at=after(11))
    assert leaving.accrued == leaving.forfeited == ACCRUED
    assert leaving.newly_earned == (0 if days_accrued == 11 else ACCRUED)


def test_before_the_first_day_nothing_is_lost_or_gained():
    leaving = leave_locked(locked(), amount=None, at=VALUE_DATE - timedelta(hours=1))
    assert (leaving.net, leaving.deducted, leaving.forfeited) == (1000, 0, 0)


def test_more_rewards_than_principal_are_not_owed():
    terms = locked_terms(apr=Decimal(73))
    leaving = leave_locked(locked(terms=terms, days_paid=10), amount=None, at=after(10))
    assert leaving.deducted == 1000
    assert leaving.net == 0
    # 2000 were paid: the half that is not taken back stays the customer's.
    assert leaving.rewards_kept == 1000


def test_the_arrival_window_and_the_time_to_undo_are_the_terms():
    leaving = leave_locked(locked(), amount=None, at=after(3))
    assert leaving.arrives_from == after(3) + timedelta(hours=48)
    assert leaving.arrives_until == after(3) + timedelta(hours=72)
    assert leaving.undo_until == after(3) + timedelta(hours=1)


def test_without_a_grace_period_nothing_can_be_undone():
    holding = locked(terms=locked_terms(grace_seconds=0))
    assert leave_locked(holding, amount=None, at=after(3)).undo_until is None


@pytest.mark.parametrize(
    ("case", "mode", "rate", "fee", "net"),
    [
        ("of the principal", "NONE", "0.01", "10", "990"),
        ("beside a deduction", "DISTRIBUTED_AND_ACCRUED", "0.01", "10", "987.26027398"),
        ("never below nothing", "DISTRIBUTED_AND_ACCRUED", "0.9999", "997.26027398", "0"),
    ],
)
def test_a_fee_for_leaving_early(case, mode, rate, fee, net):
    terms = locked_terms(claw_back=mode, fee_rate=Decimal(rate))
    leaving = leave_locked(locked(terms=terms, days_paid=10), amount=None, at=after(10))
    assert (leaving.fee, leaving.net) == (Decimal(fee), Decimal(net)), case
    assert adds_up(leaving), case


@pytest.mark.parametrize(
    ("case", "holding", "amount", "refusal"),
    [
        ("on its way", locked(status="REDEEMING"), None, errors.PositionNotHolding),
        ("delivered", locked(status="PAID"), None, errors.PositionNotHolding),
        ("a part", locked(), "999.99", errors.WholePositionOnly),
        ("too much", locked(), "1000.01", errors.WholePositionOnly),
        ("a part of what leaves whole or in part, more than there is",
         locked(terms=locked_terms(early_redemption="PARTIAL")), "1000.01",
         errors.AmountExceedsPosition),
        ("nothing of it", locked(terms=locked_terms(early_redemption="PARTIAL")), "0",
         errors.AmountNotPositive),
        ("less than the least at a time",
         locked(terms=locked_terms(early_redemption="PARTIAL", redeem_minimum=Decimal(5))),
         "4.99", errors.BelowRedeemMinimum),
        ("too little would stay",
         locked(terms=locked_terms(early_redemption="PARTIAL", minimum_remaining=Decimal(5))),
         "995.01", errors.BelowMinimumRemaining),
        ("bound to its end", locked(terms=locked_terms(early_redemption="NONE")), None,
         errors.EarlyRedemptionNotAllowed),
    ],
)  # fmt: skip
def test_refuses_to_break_the_lock(case, holding, amount, refusal):
    with pytest.raises(refusal):
        leave_locked(holding, amount=None if amount is None else Decimal(amount), at=after(3))
    assert case


def test_the_whole_by_name_is_the_whole():
    assert leave_locked(locked(), amount=Decimal("1000.00"), at=after(3)).whole


# --- locked, at its end ---


@pytest.mark.parametrize(
    ("case", "early", "type_"),
    [("a millisecond before the end", A_MILLISECOND, "EARLY"), ("at the end", 0, "MATURE")],
)
def test_the_last_day_is_as_good_as_all(case, early, type_):
    holding = locked(days_paid=29)
    at = holding.rewards_end - (early or timedelta(0))
    assert leave_locked(holding, amount=None, at=at).type == type_, case


@pytest.mark.parametrize("terms", [locked_terms(), locked_terms(early_redemption="NONE")])
def test_at_the_end_nothing_is_lost_whatever_the_terms(terms):
    holding = locked(terms=terms, days_paid=29)
    leaving = leave_locked(holding, amount=None, at=holding.rewards_end)
    assert leaving == mature(holding)
    assert (leaving.net, leaving.deducted, leaving.forfeited, leaving.fee) == (1000, 0, 0, 0)
    assert leaving.rewards_kept + leaving.accrued == Decimal("8.21917808")
    assert leaving.arrives_from == holding.delivers_at
    assert leaving.arrives_until == holding.delivers_at + dates.A_DAY


def test_who_asks_after_the_delivery_date_is_not_promised_the_past():
    """The worker may be late, and the customer quicker than it."""
    holding = locked(days_paid=29)
    late = holding.delivers_at + timedelta(hours=5)
    leaving = leave_locked(holding, amount=None, at=late)
    assert leaving.arrives_from == late
    assert leaving.arrives_until == late + dates.A_DAY


def test_a_day_that_was_paid_has_ended_whatever_the_clock_of_the_request():
    """A request of the last second before midnight may be decided after the close."""
    holding = locked(days_paid=11)
    leaving = leave_locked(holding, amount=None, at=VALUE_DATE + timedelta(days=11) - A_MILLISECOND)
    assert leaving.accrued == leaving.forfeited == leaving.newly_earned == 0
    assert leaving.deducted == PAID + ACCRUED


# --- as wide as the book ---


def test_no_digit_is_lost_on_the_way_out_of_the_largest_position():
    most = "12345678901234567890.123456789012345678"
    leaving = leave(flexible(most), minutes=0)
    assert str(leaving.net) == most
    terms = locked_terms(claw_back="NONE")
    early = leave_locked(locked(most, terms=terms, days_paid=1), amount=None, at=after(2))
    assert adds_up(early)
    assert str(early.amount) == most
    assert early.net - Decimal(most) == early.rewards_added
