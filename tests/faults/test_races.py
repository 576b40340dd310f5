"""
Many at once: exactly one of those who want the same thing gets it, and nothing is lost.

Every test lets threads loose on a database of its own with real commits. What is allowed to
come back is an outcome or a refusal; a deadlock or any other error fails. Afterwards the
auditor reads the book.
"""

import contextlib
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from mooring.earn import api as earn
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from tests.earn.world import A_DAY, LOCKED, OPENING, World, work
from tests.properties import auditor

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
SIXTEEN = 16


@pytest.fixture
def world(committed_db):
    yield World.build()
    assert auditor.broken() == {}


def at_once(*acts):
    """Begin all of these in the same moment, each in its thread; return what became of each."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(30)
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        # `result` raises what is no refusal: a deadlock, a broken constraint.
        return [future.result(60) for future in [threads.submit(run, act) for act in acts]]


def kinds(outcomes):
    return Counter(type(outcome).__name__ for outcome in outcomes)


def alone(request):
    """Redeem in a transaction of its own."""
    return lambda: earn.redeem([request], at=OPENING)[0]


def in_company(request):
    """Redeem through the queue that commits together."""
    return lambda: earn.redeem_one(request, at=OPENING)


@pytest.mark.parametrize("way", [alone, in_company])
@pytest.mark.parametrize("product", ["FLEX", "LOCK"])
def test_sixteen_redeem_one_position_and_one_does(world, way, product):
    position = world.subscribe("1000", product)
    requests = [world.redemption(position) for _ in range(SIXTEEN)]
    outcomes = at_once(*map(way, requests))
    assert kinds(outcomes) == {"Redeemed": 1, "PositionNotHolding": 15}
    assert sum(world.balances().values()) == 5000
    assert db.rows("SELECT count(*), sum(amount) FROM earn_redemption") == [(1, 1000)]


@pytest.mark.parametrize("way", [alone, in_company])
def test_sixteen_times_the_same_request_is_one(world, way):
    request = world.redemption(world.subscribe("1000"), "400", key="k")
    outcomes = at_once(*[way(request)] * SIXTEEN)
    assert kinds(outcomes) == {"Redeemed": 16}
    assert sorted(outcome.replayed for outcome in outcomes) == [False] + [True] * 15
    assert len({outcome.redemption_id for outcome in outcomes}) == 1
    assert world.balances() == {"spot_available": 4400, "earn_flexible": 600}


@pytest.mark.parametrize("way", [alone, in_company])
def test_sixteen_want_a_tenth_each_and_ten_get_it(world, way):
    position = world.subscribe("1000")
    requests = [world.redemption(position, "100") for _ in range(SIXTEEN)]
    found = kinds(at_once(*map(way, requests)))
    assert found["Redeemed"] == 10
    assert found["AmountExceedsPosition"] + found["PositionNotHolding"] == 6
    assert world.balances() == {"spot_available": 5000}


def test_sixteen_confirm_one_quote_and_redeem_once(world):
    """A double click, a reload, a second tab: all carry the same quote."""
    quote = world.quote(world.subscribe("1000"), "400", at=OPENING)
    outcomes = at_once(*[lambda: world.confirm(quote, at=OPENING)] * SIXTEEN)
    assert kinds(outcomes) == {"Redeemed": 16}
    assert world.balances() == {"spot_available": 4400, "earn_flexible": 600}


def test_sixteen_quotes_of_one_position_and_one_holds(world):
    position = world.subscribe("1000")
    quotes = [world.quote(position, "400", at=OPENING) for _ in range(SIXTEEN)]
    acts = [lambda quote=quote: world.confirm(quote, at=OPENING) for quote in quotes]
    assert kinds(at_once(*acts)) == {"Redeemed": 1, "QuoteChanged": 15}


def test_sixteen_spend_the_same_money_and_five_can(world):
    requests = [world.subscription("1000", ("FLEX", "LOCK")[n % 2]) for n in range(SIXTEEN)]
    acts = [lambda one=one: earn.subscribe_one(one, at=OPENING) for one in requests]
    assert kinds(at_once(*acts)) == {"Subscribed": 5, "InsufficientFunds": 11}
    flexible = db.rows("SELECT count(*) FROM earn_position WHERE kind = 'FLEXIBLE'")
    assert flexible in ([(0,)], [(1,)])
    assert world.balances().get("spot_available", 0) == 0


def test_sixteen_undo_one_redemption_and_it_is_undone_once(world):
    done = world.redeem(world.subscribe("1000", "LOCK"), at=OPENING)
    outcomes = at_once(*[lambda: world.undo(done, at=OPENING)] * SIXTEEN)
    assert set(outcomes) == {None}
    assert world.balances() == {"spot_available": 4000, "earn_locked": 1000}
    assert db.rows("SELECT count(*) FROM ledger_journal WHERE kind = 'EARN_REDEEM_UNDONE'") == [
        (1,)
    ]


# --- pairs ---


def test_undone_or_delivered_never_both(world):
    world.publish("OPEN", **(LOCKED | {"grace_seconds": 48 * 3600}))
    arrives = OPENING + timedelta(hours=48)
    left = [world.redeem(world.subscribe("100", "OPEN"), at=OPENING) for _ in range(8)]
    undoing = [lambda one=one: world.undo(one, at=arrives - timedelta(seconds=1)) for one in left]
    settling = [lambda: work(arrives, only="settle")] * 8
    outcomes = at_once(*undoing, *settling)
    undone = [outcome is None for outcome in outcomes[:8]]
    assert kinds(outcomes[:8]) == Counter(NoneType=sum(undone), UndoNotPossible=8 - sum(undone))
    found = dict(db.rows("SELECT id, status FROM earn_redemption"))
    for one, was_undone in zip(left, undone, strict=True):
        assert found[one.redemption_id] == ("CANCELLED" if was_undone else "PAID")
    assert sum(world.balances().values()) == 5000


def test_left_and_undone_again_and_again_ends_in_order(world):
    position = world.subscribe("1000", "LOCK")

    def leave_and_undo():
        for _ in range(5):
            done = world.redeem(position, at=OPENING)
            if isinstance(done, earn.Redeemed):
                world.undo(done, at=OPENING)

    at_once(*[leave_and_undo] * 6)
    assert world.balances() == {"spot_available": 4000, "earn_locked": 1000}


def test_customers_come_and_go_while_days_are_closed(world):
    """A close in chunks of two beside those who redeem, subscribe and leave for good."""
    positions = [world.subscribe("100", "LOCK") for _ in range(6)]
    flexible = world.subscribe("1000")
    theirs = world.subscribe("1000", who=world.bob)
    at = MIDNIGHT + 2 * A_DAY + timedelta(hours=2)
    acts = [
        *[lambda: work(at)] * 3,
        *[lambda one=one: world.redeem(one, at=at) for one in positions[:3]],
        *[lambda: world.redeem(flexible, "10", at=at)] * 4,
        *[lambda: world.subscribe("10", at=at)] * 4,
        lambda: world.redeem(theirs, who=world.bob, at=at),
    ]
    outcomes = at_once(*acts)
    assert kinds(outcomes)["Redeemed"] == 8
    work(at)
    # Whoever was first, a day's reward was credited once.
    held = world.position(flexible, at=at)
    assert held.accrued.is_zero or held.accrued.number < Decimal("0.01")
    exact = 1000 * (1 + Decimal("0.03") / 525600) ** (810 + 1440 + 120)
    assert abs(held.amount.number - exact) < Decimal("0.00000002")


def test_the_end_of_a_term_comes_once(world):
    """The customer asks in the moment in which the worker lets the position mature."""
    end = MIDNIGHT + 31 * A_DAY
    positions = [world.subscribe("100", "LOCK") for _ in range(6)]
    acts = [lambda one=one: world.redeem(one, at=end) for one in positions]
    at_once(*acts, *[lambda: work(end, only="mature")] * 4)
    found = db.rows("SELECT position_id, count(*) FROM earn_redemption GROUP BY position_id")
    assert sorted(found) == [(position, 1) for position in sorted(positions)]
    for day in range(3):
        work(end + day * A_DAY + timedelta(hours=2))
    assert world.balances() == {"spot_available": Decimal("5004.93150680")}


class Customer:
    """Somebody who does fifteen things, whatever comes to their mind."""

    def __init__(self, world, seed):
        self.world = world
        self.chance = random.Random(seed)
        self.who = self.chance.choice([world.alice, world.bob])

    def __call__(self):
        for turn in range(15):
            at = OPENING + turn * timedelta(hours=7) + self.chance.random() * timedelta(hours=1)
            self.chance.choice([self.subscribe, self.redeem, self.redeem, self.undo])(at)

    def subscribe(self, at):
        product = self.chance.choice(["FLEX", "LOCK", "SCARCE"])
        self.world.subscribe(str(self.chance.randint(1, 300)), product, who=self.who, at=at)

    def redeem(self, at):
        held = earn.list_positions(account_id=self.who, at=at)
        if held:
            one = self.chance.choice(held)
            part = None if one.kind == "LOCKED" else Amount(Decimal(7), "USDT")
            self.world.redeem(one.id, part, who=self.who, at=at)

    def undo(self, at):
        for view in earn.list_redemptions(account_id=self.who, at=at, status="PENDING"):
            with contextlib.suppress(earn.UndoNotPossible):
                earn.undo(account_id=self.who, redemption_id=view.id, at=at)


def test_everybody_at_everything(world):
    """Eight threads, two customers, two workers: nothing but outcomes and refusals."""
    world.publish("SCARCE", **LOCKED, quota_per_person=Decimal(500))
    for product in ("FLEX", "LOCK"):
        for who in (world.alice, world.bob):
            world.subscribe("500", product, who=who)

    def worker():
        for turn in range(10):
            work(OPENING + turn * timedelta(hours=11))

    customers = [Customer(world, seed) for seed in range(8)]
    assert kinds(at_once(*customers, worker, worker)) == {"NoneType": 10}
