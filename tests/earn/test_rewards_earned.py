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
    days_agree(world, found, at)
    return {one.to_date.asset: (one.yesterday.number, one.to_date.number) for one in found}


def days_agree(world, found, at):
    """The days, all together and each position's own, are what the sums say."""
    by_day = earn.rewards_by_day(account_id=world.alice, at=at, days=400)
    own = [
        day
        for position in earn.list_positions(account_id=world.alice, at=at, with_paid=True)
        for day in earn.rewards_by_day(
            account_id=world.alice, at=at, days=400, position_id=position.id
        )
    ]
    yesterday = at.date() - A_DAY
    for one in found:
        asset = one.to_date.asset
        for days in (by_day, own):
            mine = [day for day in days if day.amount.asset == asset]
            assert sum(day.amount.number for day in mine) == one.to_date.number
            assert sum(d.amount.number for d in mine if d.day == yesterday) == one.yesterday.number
    assert [day.day for day in by_day] == sorted(day.day for day in by_day)


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


def test_each_day_has_what_it_earned(world):
    world.subscribe("1000", "LOCK")
    work_daily(OPENING, MIDNIGHT + 5 * A_DAY)
    at = MIDNIGHT + 5 * A_DAY + NOON
    found = earn.rewards_by_day(account_id=world.alice, at=at, days=3)
    assert [(day.day.isoformat(), day.amount) for day in found] == [
        ("2026-03-03", usdt("0.27397260")),
        ("2026-03-04", usdt("0.27397260")),
        ("2026-03-05", usdt("0.27397261")),
    ]


def test_another_person_s_position_earns_nothing_for_who_asks(world):
    theirs = world.subscribe("1000", "LOCK", who=world.bob)
    work_daily(OPENING, MIDNIGHT + 5 * A_DAY)
    at = MIDNIGHT + 5 * A_DAY + NOON
    assert earn.rewards_by_day(account_id=world.alice, at=at, position_id=theirs) == ()
    assert earn.rewards_by_day(account_id=world.bob, at=at, position_id=theirs) != ()


def test_a_rate_s_history_is_its_changes(world):
    later = OPENING + A_DAY
    earn.set_rate(product_code="FLEX", apr=Decimal("0.05"), at=later)
    flexible = earn.get_product(code="FLEX", at=later + A_DAY)
    floor = {"second": 0, "microsecond": 0}
    assert earn.rate_history(flexible, at=later + A_DAY) == (
        (later.replace(**floor), Decimal("0.05")),
        (OPENING.replace(**floor), Decimal("0.03")),
    )
    assert len(earn.rate_history(flexible, at=OPENING)) == 1
    world.publish("LOCK", at=later, **{**LOCKED, "minimum": Decimal(7)})
    world.publish("LOCK", at=later + A_DAY, **{**LOCKED, "apr": Decimal("0.2")})
    locked = earn.get_product(code="LOCK", at=later + A_DAY)
    assert earn.rate_history(locked, at=later + A_DAY) == (
        (later + A_DAY, Decimal("0.2")),
        (OPENING, Decimal("0.1")),
    )
