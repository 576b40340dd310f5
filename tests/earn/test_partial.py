"""A part of a locked position leaves early, and the rest goes on as if it had been alone."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.earn.rules import rewards
from mooring.earn.rules.redemption import leave_locked, part_of_rewards
from mooring.kernel import db
from mooring.operations.audits import run as audits
from tests.earn.shapes import VALUE_DATE, locked, locked_terms
from tests.earn.world import A_DAY, LOCKED, OPENING, usdt, work, work_daily
from tests.properties import auditor

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
LATER = MIDNIGHT + 11 * A_DAY + timedelta(hours=12)
BEFORE_PAYOUT = MIDNIGHT + 12 * A_DAY + timedelta(minutes=30)
END = MIDNIGHT + 33 * A_DAY
MODES = ["DISTRIBUTED_AND_ACCRUED", "ACCRUED_ONLY", "PRO_RATA", "NONE"]


def reward(principal, days, apr="0.1"):
    return rewards.locked_reward(principal=Decimal(principal), apr=Decimal(apr), days=days)


def is_clean():
    found = [found.audit.name for found in audits.findings() if found.rows]
    return found == [] and auditor.broken() == {}


@pytest.fixture
def position(world):
    world.publish("PARTS", **LOCKED, early_redemption="PARTIAL")
    return world.subscribe("1000", "PARTS")


# --- the rule ---


@pytest.mark.parametrize("mode", MODES)
def test_what_leaves_in_parts_is_what_leaves_at_once_but_for_rounding(mode):
    chance = random.Random(f"parts {mode}")
    for _time in range(300):
        days = chance.randrange(1, 30)
        paid = chance.randrange(days + 1)
        terms = locked_terms(early_redemption="PARTIAL", claw_back=mode)
        at = VALUE_DATE + timedelta(days=days, hours=12)
        principal = Decimal(chance.randrange(2, 10**9)).scaleb(-6)
        whole = locked(str(principal), terms=terms, days_paid=paid, days_accrued=days)
        at_once = leave_locked(whole, amount=None, at=at)
        rest, parts = principal, []
        while rest > 0 and len(parts) < 5:
            part = min(rest, Decimal(chance.randrange(1, 10**9)).scaleb(-7))
            holding = locked(str(rest), terms=terms, days_paid=paid, days_accrued=days)
            parts.append(leave_locked(holding, amount=part, at=at))
            rest -= part
        holding = locked(str(rest), terms=terms, days_paid=paid, days_accrued=days)
        if rest:
            parts.append(leave_locked(holding, amount=None, at=at))
        for name in ("amount", "accrued"):
            assert sum(getattr(part, name) for part in parts) == getattr(at_once, name), name
        # Kept rewards are floored once per part, so a part more never gives a unit more.
        gained = sum(part.net for part in parts) - at_once.net
        lost = Decimal("0.00000002") * len(parts)
        assert -lost <= gained <= (0 if mode != "PRO_RATA" else lost)


def test_a_part_of_rewards_is_the_whole_less_the_rest():
    holding = locked("1000", terms=locked_terms(early_redemption="PARTIAL"))
    assert part_of_rewards(holding, Decimal(1000), days=30) == Decimal("8.21917808")
    third = part_of_rewards(holding, Decimal("333.333333"), days=30)
    assert third == Decimal("8.21917808") - reward("666.666667", 30)


# --- in the book ---


def test_a_part_leaves_and_the_rest_ends_as_if_it_had_been_alone(world, position):
    work_daily(OPENING, LATER)
    assert world.balances()["spot_available"] == 4000 + reward(1000, 10)
    done = world.redeem(position, "400", at=LATER)
    lost = reward(1000, 10) - reward(600, 10)
    assert done.net.number == 400 - lost
    assert (done.type, done.status) == ("EARLY", "PENDING")
    view = world.position(position, at=LATER)
    assert (view.status, view.amount) == ("HOLDING", usdt("600"))
    work_daily(LATER, END)
    assert world.position(position, at=END).status == "PAID"
    assert world.balances() == {"spot_available": 5000 + reward(600, 30)}
    assert is_clean()


def test_the_quote_says_it_and_confirming_does_it(world, position):
    work_daily(OPENING, LATER)
    quote = world.quote(position, "250", at=LATER)
    assert (quote.whole, quote.remaining, quote.is_early) == (False, usdt("750"), True)
    taken = reward(1000, 10) - reward(750, 10)
    assert (quote.deducted.number, quote.net.number) == (taken, 250 - taken)
    more = reward(1000, 30) - reward(750, 30)
    assert quote.wait.receive_total.number == 250 + more
    assert quote.wait.receive_more.number == more
    assert world.confirm(quote, at=LATER + timedelta(seconds=59)).net == quote.net


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", [OPENING, LATER, BEFORE_PAYOUT])
def test_undone_it_is_as_if_nothing_had_left(world, mode, at):
    """Closes book and pay days while it is away; bob does nothing, and both end alike."""
    world.publish("PARTS", **LOCKED, early_redemption="PARTIAL", claw_back=mode)
    mine = world.subscribe("777.777777", "PARTS")
    world.subscribe("777.777777", "PARTS", who=world.bob)
    work_daily(OPENING, at)
    work(at)
    grace = earn.Offer(**LOCKED, early_redemption="PARTIAL", claw_back=mode).grace_seconds
    done = world.redeem(mine, "123.456789", at=at)
    later = at + timedelta(seconds=grace - 1)
    work(later)
    assert is_clean()
    world.undo(done, at=later)
    world.undo(done, at=later)
    work(later)
    assert world.balances() == world.balances(world.bob)
    assert is_clean()
    work_daily(later, END)
    assert (
        world.balances()
        == world.balances(world.bob)
        == {"spot_available": 5000 + reward("777.777777", 30)}
    )
    assert is_clean()


def test_days_that_end_while_it_is_away_are_made_good(world):
    world.publish("LONG", **{**LOCKED, "grace_seconds": 48 * 3600}, early_redemption="PARTIAL")
    mine, _theirs = world.subscribe("1000", "LONG"), world.subscribe("1000", "LONG", who=world.bob)
    work_daily(OPENING, LATER)
    done = world.redeem(mine, "333.333333", at=LATER)
    # Not yet: 48 hours have not passed.
    later = LATER + timedelta(hours=47)
    work_daily(LATER, later)
    assert world.balances() != world.balances(world.bob)
    world.undo(done, at=later)
    assert world.balances() == world.balances(world.bob)
    assert is_clean()


def test_only_the_last_part_comes_back(world, position):
    first = world.redeem(position, "100", at=LATER)
    second = world.redeem(position, "200", at=LATER)
    with pytest.raises(earn.LaterRedemptionFirst):
        world.undo(first, at=LATER)
    world.undo(second, at=LATER)
    world.undo(first, at=LATER)
    assert world.position(position, at=LATER).amount == usdt("1000")
    whole = world.redeem(position, at=LATER)
    assert whole.status == "PENDING"
    assert is_clean()


def test_a_part_does_not_come_back_into_a_position_that_was_left(world, position):
    part = world.redeem(position, "100", at=LATER)
    world.redeem(position, at=LATER)
    with pytest.raises(earn.LaterRedemptionFirst):
        world.undo(part, at=LATER)


def test_a_part_that_is_on_its_way_keeps_the_position_open_until_it_arrives(world, position):
    eve = MIDNIGHT + 30 * A_DAY + timedelta(hours=20)
    work_daily(OPENING, eve)
    part = world.redeem(position, "400", at=eve)
    # The rest ends on the 32nd and is delivered a day later, before the part's 48 hours are over.
    delivered = MIDNIGHT + 32 * A_DAY + timedelta(hours=1)
    work_daily(eve, delivered)
    assert world.position(position, at=delivered).status == "REDEEMING"
    assert is_clean()
    work_daily(delivered, part.arrives_until)
    assert world.position(position, at=part.arrives_until).status == "PAID"
    assert "earn_redeeming" not in world.balances()
    assert is_clean()


def test_parts_of_one_position_arrive_together(world, position):
    for _time in range(3):
        world.redeem(position, "100", at=LATER)
    work(LATER + timedelta(hours=49), only="settle")
    assert world.balances()["earn_locked"] == 700
    rows = db.rows("SELECT DISTINCT status FROM earn_redemption")
    assert rows == [("PAID",)]


def test_at_the_end_it_leaves_whole_only(world, position):
    at = MIDNIGHT + 31 * A_DAY
    assert isinstance(world.redeem(position, "1", at=at), earn.WholePositionOnly)
    assert world.redeem(position, at=at).type == "MATURE"


def test_a_part_does_not_come_back_when_the_rest_has_ended(world):
    """Nobody can undo an end, so nobody is told to."""
    world.publish("LONG", **(LOCKED | {"early_redemption": "PARTIAL", "grace_seconds": 48 * 3600}))
    position = world.subscribe("1000", "LONG")
    eve = MIDNIGHT + 30 * A_DAY + timedelta(hours=20)
    work_daily(OPENING, eve)
    part = world.redeem(position, "400", at=eve)
    ended = MIDNIGHT + 31 * A_DAY + timedelta(hours=2)
    work_daily(eve, ended)
    with pytest.raises(earn.UndoNotPossible):
        world.undo(part, at=ended)
    assert is_clean()
