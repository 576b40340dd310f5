"""When the operator ends a product everything in it comes back, with every reward."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.earn.actions import retire
from mooring.earn.rules import rewards
from mooring.kernel import db
from mooring.operations.audits import run as audits
from tests.earn.world import A_DAY, LOCKED, OPENING, usdt, work, work_daily
from tests.notices import outbox

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
ENDS = MIDNIGHT + 11 * A_DAY


def reward(days, principal=1000):
    return rewards.locked_reward(principal=Decimal(principal), apr=Decimal("0.1"), days=days)


def is_clean():
    return [found.audit.name for found in audits.findings() if found.rows] == []


def end(code, *, at=ENDS):
    earn.end_product(product_code=code, ends_at=at, at=OPENING)


def left(world, at, *, who=None):
    return earn.list_redemptions(account_id=who or world.alice, at=at)


def test_a_locked_position_comes_back_with_the_rewards_of_the_days_that_ended(world):
    position = world.subscribe("1000", "LOCK")
    end("LOCK")
    work_daily(OPENING, ENDS)
    work(ENDS)
    assert world.balances() == {"spot_available": 5000 + reward(10)}
    assert world.position(position, at=ENDS).status == "PAID"
    [back] = left(world, ENDS)
    assert (back.type, back.status, back.requested_at) == ("RETIRED", "PAID", ENDS)
    assert (back.deducted.number, back.fee.number, back.forfeited.number) == (0, 0, 0)
    assert is_clean()
    [mail] = [m for m in outbox.messages("alice@example.org") if m.kind == "earn_retired"]
    assert "LOCK" in mail.body


@pytest.mark.parametrize("late", [0, 1, 3, 25])
def test_however_late_it_is_done_nothing_is_earned_after_the_end(world, late):
    """Days after the end are booked by nobody, if the worker slept over it."""
    world.publish("OTHER", **LOCKED, claw_back="PRO_RATA", fee_rate=Decimal("0.01"))
    world.subscribe("1000", "OTHER")
    world.subscribe("500", "FLEX", who=world.bob)
    end("OTHER")
    end("FLEX")
    work_daily(OPENING, ENDS - timedelta(hours=1))
    for _round in range(2):
        work(ENDS + late * A_DAY)
    assert world.balances() == {"spot_available": 5000 + reward(10)}
    minutes = (ENDS - OPENING.replace(second=0)) // timedelta(minutes=1)
    grown = 500 * (1 + Decimal("0.03") / 525_600) ** minutes
    assert abs(world.balances(world.bob)["spot_available"] - 4500 - grown) < Decimal("1e-7")
    assert list(world.balances(world.bob)) == ["spot_available"]
    assert is_clean()


def test_what_matured_before_the_product_ended_is_whole(world):
    world.subscribe("1000", "LOCK")
    end("LOCK", at=MIDNIGHT + 31 * A_DAY)
    work(MIDNIGHT + 40 * A_DAY)
    work(MIDNIGHT + 40 * A_DAY + timedelta(hours=2))
    assert world.balances() == {"spot_available": 5000 + reward(30)}
    assert left(world, MIDNIGHT + 40 * A_DAY)[0].type == "MATURE"


def test_what_is_pledged_stays_without_rewards_and_comes_back_when_it_is_released(world):
    position = world.subscribe("1000", "FLEX")
    pledged(world, position, at=OPENING)
    end("FLEX")
    work_daily(OPENING, ENDS)
    work(ENDS)
    view = world.position(position, at=ENDS)
    assert (view.status, view.pledged) == ("HOLDING", usdt("400"))
    spot = world.balances()["spot_available"]
    assert 4600 < spot < 4603
    later = ENDS + 9 * A_DAY
    work_daily(ENDS, later)
    assert world.balances()["spot_available"] - spot < Decimal("0.00000002")
    released(world, at=later)
    work(later)
    assert list(world.balances()) == ["spot_available"]
    assert world.position(position, at=later).status == "PAID"
    assert is_clean()


def test_what_is_on_its_way_stays_on_its_way(world):
    world.publish("SLOW", minimum=Decimal(1), standard_days=2, daily_limit_per_person=Decimal(1))
    earn.set_rate(product_code="SLOW", apr=Decimal("0.03"), at=OPENING)
    position = world.subscribe("1000", "SLOW")
    world.redeem(position, "300", at=ENDS - timedelta(hours=1), speed="STANDARD")
    world.redeem(position, "200", at=ENDS - timedelta(hours=1), speed="FAST")
    end("SLOW")
    work_daily(OPENING, ENDS + 4 * A_DAY)
    assert list(world.balances()) == ["spot_available"]
    assert world.position(position, at=ENDS + 4 * A_DAY).status == "PAID"
    assert is_clean()


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_all_come_back_whatever_the_batch_and_once(world, monkeypatch, batch):
    monkeypatch.setattr(retire, "BATCH", batch)
    for who in (world.alice, world.bob):
        for _time in range(2):
            world.subscribe("100", "LOCK", who=who)
        world.subscribe("100", "FLEX", who=who)
    end("LOCK")
    end("FLEX")
    assert work(ENDS)["earn.retire"] == 6
    assert work(ENDS)["earn.retire"] == 0
    assert len(left(world, ENDS)) == 3
    assert is_clean()


def test_a_product_that_ends_takes_what_can_stay_to_its_own_end_and_nothing_else(world):
    end("FLEX")
    end("LOCK", at=MIDNIGHT + 31 * A_DAY)
    assert not hasattr(world.subscribe("10", "LOCK"), "code")
    assert isinstance(world.subscribe("10", "LOCK", at=OPENING + A_DAY), earn.ProductNotOpen)
    assert not hasattr(world.subscribe("10", "FLEX", at=ENDS - A_DAY), "code")
    assert isinstance(world.subscribe("10", "FLEX", at=ENDS), earn.ProductNotOpen)


def test_waiting_is_promised_no_longer_than_the_product_lasts(world):
    position = world.subscribe("1000", "LOCK")
    end("LOCK")
    quote = world.quote(position, at=MIDNIGHT + 5 * A_DAY)
    assert (quote.wait.until, quote.wait.delivered_at) == (ENDS, ENDS)
    assert quote.wait.receive_total.number == 1000 + reward(10)


@pytest.mark.parametrize(
    ("case", "code", "ends_at", "says"),
    [
        ("in the past", "LOCK", MIDNIGHT, "must lie after"),
        ("no midnight", "LOCK", ENDS + timedelta(seconds=1), "must be a UTC midnight"),
        ("another than decided", "FLEX", ENDS + A_DAY, "it was decided"),
    ],
)
def test_an_end_that_cannot_be_is_refused_and_changes_nothing(world, case, code, ends_at, says):
    end("FLEX")
    end("FLEX")
    before = db.rows("SELECT code, retires_at FROM earn_product ORDER BY id")
    with pytest.raises(earn.EndNotPossible, match=says):
        end(code, at=ends_at)
    assert db.rows("SELECT code, retires_at FROM earn_product ORDER BY id") == before, case


def test_what_does_not_exist_does_not_end(world):
    with pytest.raises(earn.ProductNotFound):
        end("NONE")


def test_the_rate_ends_with_the_product(world):
    world.subscribe("1000", "FLEX")
    end("FLEX")
    work(ENDS)
    assert db.rows("SELECT apr FROM earn_rate ORDER BY from_minute DESC LIMIT 1") == [(0,)]


@db.transaction
def pledged(world, position, *, at):
    collateral = earn.Collateral(
        account_id=world.alice, position_id=position, holder="loan 7", key="p", amount=usdt("400")
    )
    return earn.pledge(collateral, at=at)


@db.transaction
def released(world, *, at):
    freeing = earn.Freeing(account_id=world.alice, pledge_key="p", key="f", amount=None)
    return earn.release(freeing, at=at)
