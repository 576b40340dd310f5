"""
Requests that arrive while a commit is under way are carried out as the next batch.

The action of these tests waits at a gate, so that it is known who arrived meanwhile.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from mooring.kernel import group_commit
from mooring.kernel.group_commit import GroupCommit

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Action:
    """Doubles numbers; remembers its batches; fails as a whole when one is negative."""

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.batches = []
        self.times = []
        self.leaders = []

    def __call__(self, requests, at):
        self.leaders.append(threading.current_thread().name)
        self.entered.set()
        assert self.gate.wait(10)
        self.batches.append(list(requests))
        self.times.append(at)
        if any(request < 0 for request in requests):
            raise LookupError([request for request in requests if request < 0])
        return [request * 2 for request in requests]


def outcome_of(queue, request, at=NOON):
    try:
        return queue.submit(request, at=at)
    except LookupError as error:
        return error.args[0]


def submit_behind(queue, action, first, others):
    """Submit `first`, let `others` gather while it is under way, and return all outcomes."""
    action.gate.clear()
    with ThreadPoolExecutor(len(others) + 1) as threads:
        futures = [threads.submit(outcome_of, queue, first)]
        assert action.entered.wait(10)
        futures += [threads.submit(outcome_of, queue, other) for other in others]
        deadline = time.monotonic() + 10
        while len(queue._waiting) < len(others) and time.monotonic() < deadline:
            time.sleep(0.001)
        action.gate.set()
        return [future.result(10) for future in futures]


@pytest.fixture
def action():
    return Action()


@pytest.fixture
def queue(action):
    return GroupCommit(action)


def test_a_request_alone_waits_for_nobody(queue, action):
    assert queue.submit(21, at=NOON) == 42
    assert action.batches == [[21]]


def test_those_who_arrive_meanwhile_are_one_batch(queue, action):
    others = list(range(1, 40))
    assert submit_behind(queue, action, 0, others) == [2 * number for number in range(40)]
    first, rest = action.batches
    assert first == [0]
    assert sorted(rest) == others


def test_everyone_gets_the_outcome_of_their_own(queue, action):
    with ThreadPoolExecutor(64) as threads:
        outcomes = list(threads.map(lambda number: queue.submit(number, at=NOON), range(2000)))
    assert outcomes == [2 * number for number in range(2000)]
    assert sum(map(len, action.batches)) == 2000


def test_a_fault_stays_with_the_request_that_has_it(queue, action):
    outcomes = submit_behind(queue, action, 0, [1, -2, 3])
    assert outcomes == [0, 2, [-2], 6]


def test_a_fault_alone_is_raised_and_the_queue_goes_on(queue, action):
    with pytest.raises(LookupError):
        queue.submit(-1, at=NOON)
    assert queue.submit(1, at=NOON) == 2


def test_a_batch_has_a_longest(queue, action, monkeypatch):
    monkeypatch.setattr(group_commit, "BATCH_MAX", 4)
    submit_behind(queue, action, 0, list(range(1, 11)))
    assert [len(batch) for batch in action.batches] == [1, 4, 4, 2]


def test_a_batch_is_decided_at_the_latest_of_its_times(queue, action):
    action.gate.clear()
    with ThreadPoolExecutor(3) as threads:
        threads.submit(queue.submit, 0, at=NOON)
        assert action.entered.wait(10)
        threads.submit(queue.submit, 1, at=NOON + timedelta(seconds=2))
        threads.submit(queue.submit, 2, at=NOON + timedelta(seconds=1))
        while len(queue._waiting) < 2:
            time.sleep(0.001)
        action.gate.set()
    assert action.times == [NOON, NOON + timedelta(seconds=2)]


def people(*names):
    """Threads that stay, as those of a web process do."""
    return [ThreadPoolExecutor(1, thread_name_prefix=name) for name in names]


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_who_led_last_leads_again_while_its_connection_is_warm(queue, action):
    ann, bob, cid = people("ann", "bob", "cid")
    assert ann.submit(queue.submit, 1, at=NOON).result(10) == 2
    action.entered.clear()
    action.gate.clear()
    first = bob.submit(queue.submit, 2, at=NOON)
    assert action.entered.wait(10)
    others = [cid.submit(queue.submit, 3, at=NOON)]
    wait_until(lambda: len(queue._waiting) == 1)
    others.append(ann.submit(queue.submit, 4, at=NOON))
    wait_until(lambda: len(queue._waiting) == 2)
    action.gate.set()
    assert [future.result(10) for future in (first, *others)] == [4, 6, 8]
    assert action.leaders == ["ann_0", "bob_0", "ann_0"]


def test_a_newcomer_hands_the_lead_to_who_led_before(queue, action, monkeypatch):
    ann, bob = people("ann", "bob")
    submit_behind(queue, action, 0, [1, 2])  # a batch of several: the next leader gathers
    assert ann.submit(queue.submit, 3, at=NOON).result(10) == 6
    queue._last = 2
    arrived = threading.Event()

    def gather(_seconds):
        if threading.current_thread().name == "bob_0":
            arrived.set()
            wait_until(lambda: len(queue._waiting) == 2)

    monkeypatch.setattr(group_commit, "time", SimpleNamespace(sleep=gather))
    newcomer = bob.submit(queue.submit, 4, at=NOON)
    assert arrived.wait(10)
    assert ann.submit(queue.submit, 5, at=NOON).result(10) == 10
    assert newcomer.result(10) == 8
    assert action.leaders[-1] == "ann_0"
    assert sorted(action.batches[-1]) == [4, 5]


def test_an_action_that_loses_an_outcome_is_a_fault():
    queue = GroupCommit(lambda _requests, _at: [])
    with pytest.raises(ValueError, match="zip"):
        queue.submit(1, at=NOON)


class Unsteady:
    """An action whose connection is lost a number of times before it answers."""

    def __init__(self, losses, error):
        self.losses = losses
        self.error = error
        self.calls = 0

    def __call__(self, requests, _at):
        self.calls += 1
        if self.calls <= self.losses:
            raise self.error
        return [2 * request for request in requests]


class _Deadlock(Exception):
    sqlstate = "40P01"


class _StatementTimeout(Exception):
    sqlstate = "57014"


def operational(cause):
    error = OperationalError("from the driver")
    error.__cause__ = cause
    return error


@pytest.fixture
def no_connection(monkeypatch):
    """Pauses are skipped, and there is no real connection to close."""
    monkeypatch.setattr(group_commit, "PAUSES_SECONDS", (0, 0))
    monkeypatch.setattr(group_commit.connection, "close", lambda: None)


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize("cause", [None, _Deadlock()], ids=["connection lost", "deadlock"])
def test_a_request_is_made_again_when_its_fate_is_unknown(cause):
    action = Unsteady(2, operational(cause))
    assert GroupCommit(action).submit(4, at=NOON) == 8
    assert action.calls == 3


@pytest.mark.usefixtures("no_connection")
def test_a_database_that_stays_away_is_told():
    action = Unsteady(3, operational(None))
    with pytest.raises(OperationalError):
        GroupCommit(action).submit(4, at=NOON)


@pytest.mark.usefixtures("no_connection")
def test_a_statement_that_took_too_long_is_not_made_again():
    action = Unsteady(1, operational(_StatementTimeout()))
    with pytest.raises(OperationalError):
        GroupCommit(action).submit(4, at=NOON)
    assert action.calls == 1
