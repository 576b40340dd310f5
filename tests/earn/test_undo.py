"""Undoing an early redemption restores the position as if nothing had happened (EARN-10)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.accounts import api as accounts
from mooring.earn import api as earn
from mooring.kernel import db
from tests.earn.world import A_DAY, AN_HOUR, LOCKED, OPENING, everything, work, work_daily

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
LATER = MIDNIGHT + 11 * A_DAY + timedelta(hours=12)
#: A day was booked at midnight and is not paid before one o'clock.
BEFORE_PAYOUT = MIDNIGHT + 12 * A_DAY + timedelta(minutes=30)
MODES = ["DISTRIBUTED_AND_ACCRUED", "ACCRUED_ONLY", "PRO_RATA", "NONE"]


def accounts_and_positions():
    """Return every balance, the platform's too, and the positions without their versions."""
    return (
        db.rows("SELECT id, balance FROM ledger_account WHERE balance <> 0 ORDER BY id"),
        db.rows(
            "SELECT account.id, sum(amount) FROM ledger_account AS account"
            " JOIN ledger_movement ON account_id = account.id GROUP BY account.id"
            " HAVING sum(amount) <> 0 ORDER BY account.id"
        ),
        db.rows("SELECT to_jsonb(p) - 'version' FROM earn_position AS p ORDER BY id"),
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", [OPENING, LATER, BEFORE_PAYOUT])
def test_every_balance_and_column_is_as_before(world, mode, at):
    world.publish("OTHER", **LOCKED, claw_back=mode, fee_rate=Decimal("0.01"))
    position = world.subscribe("1000", "OTHER")
    work_daily(OPENING, at)
    if at == BEFORE_PAYOUT:
        work(at)
    before = accounts_and_positions()
    done = world.redeem(position, at=at)
    assert accounts_and_positions() != before
    world.undo(done, at=at + timedelta(minutes=59))
    assert accounts_and_positions() == before


@pytest.mark.parametrize(
    "left_at", [OPENING, LATER, BEFORE_PAYOUT, MIDNIGHT + 12 * A_DAY - timedelta(seconds=30)]
)
def test_what_it_earns_afterwards_is_as_if_nothing_had_happened(world, left_at):
    """Bob does nothing; at the end he has what alice has, to the last digit and day by day."""
    mine = world.subscribe("1000", "LOCK")
    theirs = world.subscribe("1000", "LOCK", who=world.bob)
    work_daily(OPENING, left_at)
    done = world.redeem(mine, at=left_at)
    work_daily(left_at, left_at + timedelta(minutes=50))
    world.undo(done, at=left_at + timedelta(minutes=55))
    for day in range(30):
        at = left_at + (day + 1) * A_DAY
        work_daily(at - A_DAY, at)
        assert world.balances() == world.balances(world.bob), at
    end = MIDNIGHT + 33 * A_DAY
    work_daily(left_at + 30 * A_DAY, end)
    assert world.balances() == world.balances(world.bob)
    assert world.balances() == {"spot_available": Decimal("5008.21917808")}
    assert world.position(mine, at=end).status == "PAID"
    assert world.position(theirs, at=end, who=world.bob).status == "PAID"


def test_a_day_that_ended_while_it_was_left_is_earned_after_all(world):
    """Left before midnight, undone after the payout: the next round makes good for both."""
    position = world.subscribe("1000", "LOCK")
    midnight = MIDNIGHT + 12 * A_DAY
    work_daily(OPENING, midnight - A_DAY)
    done = world.redeem(position, at=midnight - timedelta(minutes=1))
    work(midnight)
    world.undo(done, at=midnight + timedelta(minutes=58))
    work(midnight + AN_HOUR)
    assert world.position(position, at=midnight + AN_HOUR).days_paid == 11


def test_it_can_be_left_again_and_undone_again(world):
    position = world.subscribe("1000", "LOCK")
    for turn in range(3):
        at = OPENING + turn * timedelta(minutes=5)
        world.undo(world.redeem(position, at=at), at=at)
    assert world.balances() == {"spot_available": 4000, "earn_locked": 1000}
    world.redeem(position, at=OPENING)
    work(OPENING + 2 * A_DAY)
    assert world.balances() == {"spot_available": 5000}


def test_undoing_twice_is_undoing_once(world):
    position = world.subscribe("1000", "LOCK")
    done = world.redeem(position, at=OPENING)
    world.undo(done, at=OPENING)
    before = everything()
    world.undo(done, at=OPENING)
    assert everything() == before


def test_the_request_that_was_undone_does_not_redeem_when_it_comes_again(world):
    request = world.redemption(world.subscribe("1000", "LOCK"), key="k")
    [done] = earn.redeem([request], at=OPENING)
    world.undo(done, at=OPENING)
    [again] = earn.redeem([request], at=OPENING)
    assert (again.replayed, again.status) == (True, "CANCELLED")
    assert world.balances()["earn_locked"] == 1000


def test_a_position_undone_after_its_end_matures(world):
    position = world.subscribe("1000", "LOCK")
    end = MIDNIGHT + 31 * A_DAY
    work_daily(OPENING, end - A_DAY)
    done = world.redeem(position, at=end - timedelta(minutes=10))
    work(end + timedelta(seconds=5))
    world.undo(done, at=end + timedelta(minutes=40))
    work_daily(end, end + A_DAY)
    work(end + A_DAY)
    assert world.balances() == {"spot_available": Decimal("5008.21917808")}


# --- refusals ---


def left(world, **changes):
    code = "LOCK"
    if changes:
        code = "OTHER"
        world.publish(code, **(LOCKED | changes))
    return world.redeem(world.subscribe("1000", code), at=OPENING)


def flexible(world):
    return world.redeem(world.subscribe("1000"), at=OPENING)


def matured(world):
    return world.redeem(world.subscribe("1000", "LOCK"), at=MIDNIGHT + 31 * A_DAY)


def delivered(world):
    done = left(world, delivery_hours_min=1, delivery_hours_max=1)
    work(OPENING + AN_HOUR)
    return done


@pytest.mark.parametrize(
    ("case", "arrange", "after", "refusal"),
    [
        ("its time is over", left, AN_HOUR, earn.UndoNotPossible),
        ("a product without a grace period", lambda world: left(world, grace_seconds=0),
         timedelta(0), earn.UndoNotPossible),
        ("a flexible one, paid at once", flexible, timedelta(0), earn.UndoNotPossible),
        ("a matured one", matured, timedelta(0), earn.UndoNotPossible),
        ("delivered already", delivered, timedelta(minutes=59), earn.UndoNotPossible),
    ],
)  # fmt: skip
def test_refuses_and_moves_nothing(world, case, arrange, after, refusal):
    done = arrange(world)
    before = everything()
    with pytest.raises(refusal):
        world.undo(done, at=OPENING + after)
    assert everything() == before, case


def test_the_last_moment_is_in_time(world):
    world.undo(left(world), at=OPENING + AN_HOUR - timedelta(microseconds=1))
    assert world.balances()["earn_locked"] == 1000


def test_anothers_redemption_is_absent(world):
    done = left(world)
    with pytest.raises(earn.RedemptionNotFound) as of_alice:
        world.undo(done, who=world.bob, at=OPENING)
    with pytest.raises(earn.RedemptionNotFound) as absent:
        earn.undo(account_id=world.bob, redemption_id=404404, at=OPENING)
    assert str(of_alice.value) == str(absent.value)
    assert "earn_redeeming" in world.balances()


def test_a_closed_account_undoes_nothing(world):
    done = left(world)
    db.execute(
        "UPDATE accounts_account SET status = 'CLOSED', closed_at = opened_at WHERE id = %s",
        [world.alice],
    )
    with pytest.raises(accounts.AccountNotOpen):
        world.undo(done, at=OPENING)
