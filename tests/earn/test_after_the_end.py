"""A locked position says what it earned after its end too."""

from decimal import Decimal

from mooring.earn import api as earn
from tests.earn.daily_world import pay_by_the_day
from tests.earn.world import A_DAY, A_MINUTE, AN_HOUR, OPENING, usdt, work

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
END = MIDNIGHT + 31 * A_DAY
ALL = usdt("8.21917808")


def test_what_was_paid_stays_and_what_is_not_paid_yet_is_pending(world):
    position = world.subscribe("1000", "LOCK")
    work(END)
    seen = world.position(position, at=END)
    assert seen.status == "REDEEMING"
    assert seen.rewards_paid + seen.accrued == ALL
    assert seen.accrued.is_positive
    later = END + 3 * A_DAY
    work(later)
    seen = world.position(position, at=later)
    assert (seen.status, seen.rewards_paid, seen.accrued) == ("PAID", ALL, usdt(0))


def test_what_was_left_early_says_what_was_paid_before(world):
    position = world.subscribe("1000", "LOCK")
    leaves = MIDNIGHT + 11 * A_DAY + 2 * AN_HOUR
    work(leaves)
    paid = world.position(position, at=leaves).rewards_paid
    assert isinstance(world.redeem(position, at=leaves), earn.Redeemed)
    work(leaves + 4 * A_DAY)
    seen = world.position(position, at=leaves + 4 * A_DAY)
    assert paid.number > Decimal(2)
    assert (seen.status, seen.rewards_paid, seen.accrued) == ("PAID", paid, usdt(0))


def test_a_bonus_of_a_day_that_is_over_is_pending_and_then_among_what_was_paid(world):
    pay_by_the_day()
    position = world.subscribe("1000")
    booked = MIDNIGHT + 2 * A_DAY + A_MINUTE
    work(booked)
    seen = world.position(position, at=booked)
    assert seen.bonus_pending.is_positive
    before = seen.rewards_paid
    paid = MIDNIGHT + 2 * A_DAY + 9 * AN_HOUR
    work(paid)
    after = world.position(position, at=paid)
    assert after.bonus_pending is None
    assert after.rewards_paid == before + seen.bonus_pending
    told = earn.reward_records(
        account_id=world.alice,
        asked=earn.RecordFilter(kind="FLEXIBLE", limit=100),
        kinds=("REALTIME", "BONUS"),
    )
    assert sum(one.amount.number for one in told.rows) == after.rewards_paid.number
