"""At their end positions come back by themselves, and what is due arrives: once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.earn.actions import deliver, mature
from mooring.kernel import db, jobs
from tests.earn.world import A_DAY, AN_HOUR, LOCKED, OPENING, everything, work, work_daily

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
END = MIDNIGHT + 31 * A_DAY
A_SECOND = timedelta(seconds=1)


def test_a_position_matures_at_its_end_and_arrives_a_day_later(world):
    position = world.subscribe("1000", "LOCK")
    work_daily(OPENING, END - A_SECOND)
    assert world.position(position, at=END).status == "HOLDING"
    work(END)
    assert world.balances()["earn_redeeming"] == 1000
    [on_its_way] = earn.list_redemptions(account_id=world.alice, at=END)
    assert (on_its_way.type, on_its_way.arrives_from) == ("MATURE", END + A_DAY)
    work(END + A_DAY - A_SECOND)
    assert world.position(position, at=END).status == "REDEEMING"
    work(END + A_DAY)
    assert world.balances() == {"spot_available": Decimal("5008.21917808")}
    [arrived] = earn.list_redemptions(account_id=world.alice, at=END + A_DAY)
    assert (arrived.status, arrived.paid_at) == ("PAID", END + A_DAY)


def test_what_binds_to_the_end_lets_go_at_the_end(world):
    world.publish("BOUND", **LOCKED, early_redemption="NONE")
    world.subscribe("1000", "BOUND")
    work_daily(END - A_DAY, END + 2 * A_DAY)
    assert world.balances() == {"spot_available": Decimal("5008.21917808")}


def test_who_asks_when_the_worker_is_late_is_served_once(world):
    """Between the end and the worker's round the customer asks; a day after delivery even."""
    for late in (A_SECOND, 3 * A_DAY):
        position = world.subscribe("1000", "LOCK")
        done = world.redeem(position, at=END + late)
        assert done.type == "MATURE"
    work_daily(END, END + 5 * A_DAY)
    assert world.balances() == {"spot_available": Decimal("5016.43835616")}


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_everything_due_is_done_whatever_the_batch(world, monkeypatch, batch):
    monkeypatch.setattr(mature, "BATCH", batch)
    monkeypatch.setattr(deliver, "CHUNK", batch)
    for _ in range(5):
        world.subscribe("100", "LOCK")
    assert work(END)["earn.mature"] == 5
    assert work(END)["earn.mature"] == 0
    assert work(END + A_DAY)["earn.settle"] == 5
    assert work(END + A_DAY)["earn.settle"] == 0


def test_twice_is_once(world):
    world.subscribe("1000", "LOCK")
    work_daily(END - A_DAY, END + A_DAY)
    before = everything()
    work(END + A_DAY)
    work(END + 2 * A_DAY)
    assert everything() == before


def test_arrives_in_the_wallet_that_was_chosen(world):
    position = world.subscribe("1000", "LOCK")
    world.redeem(position, destination="FUNDING", at=OPENING)
    work(OPENING + 2 * A_DAY)
    assert world.balances() == {"spot_available": 4000, "funding": 1000}


def test_what_was_undone_does_not_arrive(world):
    position = world.subscribe("1000", "LOCK")
    world.undo(world.redeem(position, at=OPENING), at=OPENING)
    work(OPENING + 3 * A_DAY)
    assert world.balances()["earn_locked"] == 1000


def test_a_delivery_is_late_when_its_window_has_passed(world):
    done = world.redeem(world.subscribe("1000", "LOCK"), at=OPENING)
    found = {}
    for hours in (47, 72, 73):
        at = OPENING + hours * AN_HOUR
        view = earn.get_redemption(account_id=world.alice, redemption_id=done.redemption_id, at=at)
        found[hours] = view.late
    assert found == {47: False, 72: False, 73: True}


def test_the_jobs_know_when_they_next_have_something_to_do(world):
    assert jobs.next_due(OPENING) is None
    world.subscribe("1000")
    assert jobs.next_due(OPENING) == MIDNIGHT + A_DAY
    position = world.subscribe("1000", "LOCK")
    assert jobs.next_due(MIDNIGHT + A_DAY) == MIDNIGHT + A_DAY + AN_HOUR
    done = world.redeem(position, at=OPENING)
    due = {job.name: job.next_due(OPENING) for job in jobs.declared()}
    assert due["earn.settle"] == done.arrives_from
    assert due["earn.mature"] is None


def test_every_round_notes_how_far_the_work_has_come(world):
    work(OPENING)
    assert jobs.settled_through() == OPENING
    assert db.rows("SELECT DISTINCT ran_through FROM kernel_job_run") == [(OPENING,)]
    work(OPENING - A_DAY)
    assert jobs.settled_through() == OPENING
