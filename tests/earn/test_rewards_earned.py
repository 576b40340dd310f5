"""What everything earned, yesterday and in all, is what the book says once all has come home."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from tests.earn.world import A_DAY, AN_HOUR, LOCKED, OPENING, usdt, work, work_daily

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
NOON = timedelta(hours=12)


def earned(world, at):
    found = earn.rewards_earned(account_id=world.alice, at=at)
    return {one.to_date.asset: (one.yesterday.number, one.to_date.number) for one in found}


def test_who_has_nothing_earned_nothing(world):
    assert earned(world, OPENING) == {}


def test_a_locked_position_earns_from_its_first_day(world):
    world.subscribe("1000", "LOCK")
    work_daily(OPENING, MIDNIGHT + 3 * A_DAY)
    assert earned(world, OPENING)["USDT"] == (0, 0)
    assert earned(world, MIDNIGHT + 2 * A_DAY + NOON)["USDT"] == (
        Decimal("0.27397260"),
        Decimal("0.27397260"),
    )
    assert earned(world, MIDNIGHT + 3 * A_DAY + NOON)["USDT"] == (
        Decimal("0.27397260"),
        Decimal("0.54794520"),
    )


def test_after_the_end_yesterday_is_nothing_and_the_sum_stays(world):
    world.subscribe("1000", "LOCK")
    work_daily(OPENING, OPENING + 40 * A_DAY)
    assert earned(world, OPENING + 40 * A_DAY)["USDT"] == (0, Decimal("8.21917808"))
    assert world.balances() == {"spot_available": Decimal("5008.21917808")}


def test_a_flexible_position_earned_what_it_was_credited(world):
    position = world.subscribe("1000")
    work_daily(OPENING, OPENING + 2 * A_DAY)
    at = MIDNIGHT + 2 * A_DAY + NOON
    yesterday, to_date = earned(world, at)["USDT"]
    assert to_date == world.position(position, at=at).rewards_paid.number
    first_day = earned(world, MIDNIGHT + A_DAY + NOON)["USDT"][1]
    assert yesterday == to_date - first_day > 0


@pytest.mark.parametrize(
    "claw_back", ["DISTRIBUTED_AND_ACCRUED", "ACCRUED_ONLY", "PRO_RATA", "NONE"]
)
def test_what_was_left_early_earned_what_it_brought_home(world, claw_back):
    world.publish("CLAW", **LOCKED, claw_back=claw_back)
    position = world.subscribe("1000", "CLAW")
    work_daily(OPENING, OPENING + 10 * A_DAY)
    # Before the morning's payout: the last day is booked and not paid.
    left = MIDNIGHT + 11 * A_DAY + timedelta(minutes=30)
    work(left)
    world.redeem(position, at=left)
    work_daily(left, left + 4 * A_DAY)
    [(asset, (_, to_date))] = earned(world, left + 4 * A_DAY + AN_HOUR).items()
    assert asset == "USDT"
    assert world.balances() == {"spot_available": 5000 + to_date}


def test_what_was_undone_earns_as_if_it_had_not_been_left(world):
    position = world.subscribe("1000", "LOCK")
    work_daily(OPENING, OPENING + 5 * A_DAY)
    left = OPENING + 5 * A_DAY + AN_HOUR
    world.undo(world.redeem(position, at=left), at=left)
    assert earned(world, left)["USDT"][1] == Decimal("1.09589041")
    assert usdt("1.09589041") == world.position(position, at=left).rewards_paid
