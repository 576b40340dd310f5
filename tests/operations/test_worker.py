"""The worker does what is due in order, outlives faults, and shares with others."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import override_settings

from mooring.earn import api as earn
from mooring.kernel import clock, db, jobs
from mooring.ledger import api as ledger
from mooring.operations.audits import run as audits
from mooring.operations.worker import Worker, WorkIsElsewhere, holding_turn, moments_due, turn
from tests.operations.conftest import OPENING, lock

A_DAY = timedelta(days=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


# --- days one by one, and all at once ---


def live(world):
    lock("Busd*3", days=3)
    flexible = world.subscribe("2", "BTC001")
    world.subscribe("1", "BTC001", who="bob")
    world.subscribe("1000", "Busd*3")
    world.subscribe("1234.567", "Busd*30")
    world.redeem(world.subscribe("700", "Busd*30"), at=OPENING + timedelta(hours=2, minutes=30))
    assert flexible
    return OPENING + timedelta(hours=3)


def facts():
    """Everything that a customer or an accountant could tell two books apart by."""
    return {
        "entries": db.rows(
            "SELECT journal.key, journal.kind, journal.effective_at, account.owner_id,"
            " account.code, account.reference, entry.amount, entry.balance_after"
            " FROM ledger_entry entry JOIN ledger_journal journal ON journal.id = journal_id"
            " JOIN ledger_account account ON account.id = account_id ORDER BY 1, 4, 5, 6"
        ),
        **states(),
    }


def states():
    return {
        "balances": db.rows(
            "SELECT owner_id, code, asset, reference, balance FROM ledger_account"
            " ORDER BY 1, 2, 3, 4"
        ),
        "platform": [
            ledger.platform_balance(code=code, asset=asset)
            for code in (ledger.Code.REWARD_EXPENSE, ledger.Code.HOT_WALLET)
            for asset in ("BTC", "BUSD")
        ],
        "positions": db.rows(
            "SELECT id, status, exit, accrued_minute, growth, carry, days_accrued, days_paid"
            " FROM earn_position ORDER BY id"
        ),
        "redemptions": db.rows("SELECT id, status, net FROM earn_redemption ORDER BY id"),
        "closed": db.rows("SELECT product_id, day FROM earn_day_close ORDER BY 1, 2"),
    }


def told(world, how):
    """Tell the same nine days in a way, take the facts, and undo it all."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT told")
        since = live(world)
        how(Worker(say=pytest.fail), since, OPENING + 9 * A_DAY)
        found = facts(), states()
        assert [f.audit.name for f in audits.findings() if not f.is_clean] == []
        cursor.execute("ROLLBACK TO SAVEPOINT told")
    return found


def by_the_event(worker, since, until):
    worker.work_between(since, until)
    worker.work_at(until)


def by_the_hour(worker, since, until):
    while since < until:
        since = min(since.replace(minute=0) + timedelta(hours=1), until)
        worker.work_at(since)


def at_the_end(worker, since, until):
    worker.work_at(until)


def test_a_week_at_once_leaves_what_a_week_of_hours_leaves(world, owner):
    numbered = sequences()
    hourly, hourly_states = told(world, by_the_hour)
    reset(numbered, owner)
    stepwise, _ = told(world, by_the_event)
    reset(numbered, owner)
    _, end_states = told(world, at_the_end)
    assert len(hourly["entries"]) > 60
    assert stepwise == hourly
    assert end_states == hourly_states


def sequences():
    return db.rows("SELECT sequencename, start_value, last_value FROM pg_sequences")


def reset(numbered, owner):
    """Number rows as the first time: no rollback takes numbers back."""
    with owner():
        for name, first, last in numbered:
            db.rows("SELECT setval(%s, %s, %s)", [name, last or first, last is not None])


def test_moments_are_those_at_which_something_falls_due(world):
    lock("Busd*3", days=3)
    world.subscribe("1000", "Busd*3")
    worker = Worker(say=pytest.fail)
    seen = []
    worker.progress = lambda line: seen.append(line[15:31])
    worker.work_between(OPENING, OPENING + 4 * A_DAY)
    assert seen == [
        "2026-03-02 00:00",
        "2026-03-02 01:00",
        "2026-03-03 00:00",
        "2026-03-03 01:00",
        "2026-03-04 00:00",
        "2026-03-04 01:00",
        "2026-03-05 00:00",
        "2026-03-05 01:00",
    ]


# --- faults ---


@pytest.fixture
def declared(monkeypatch):
    """Take away the product's jobs; return a function that declares one."""
    monkeypatch.setattr(jobs, "_JOBS", {})

    def declare(name, run, due=lambda _: None):
        jobs.every(seconds=5, name=name, next_due=due)(run)

    return declare


@pytest.mark.django_db
def test_a_job_that_fails_is_told_in_a_line_and_the_others_go_on(declared):
    ran, lines = [], []

    def broken(*, at):
        message = "the chain\nis away"
        raise ValueError(message)

    declared("broken", broken)
    declared("sound", lambda *, at: ran.append(at) or 0)
    worker = Worker(say=lines.append)
    worker.work_at(NOON)
    assert ran == [NOON]
    assert lines == ["Job broken failed (ValueError: the chain is away); it is tried again in 1 s."]
    assert worker.failing == ("broken",)


@pytest.mark.django_db
def test_a_job_that_fails_is_tried_again_ever_more_slowly(declared, monkeypatch):
    tries, lines = [], []

    def broken(*, at):
        tries.append(time.monotonic())
        if len(tries) < 4:
            raise ValueError
        return 0

    monotonic = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: monotonic)
    declared("broken", broken)
    worker = Worker(say=lines.append)
    for second in range(20):
        monotonic = float(second)
        worker.work_at(NOON)
    assert tries == [0, 1, 3, 7, *range(8, 20)]
    assert worker.failing == ()
    assert [line.rpartition("in ")[2] for line in lines] == ["1 s.", "2 s.", "4 s."]


@pytest.mark.django_db
def test_a_job_that_is_due_in_the_past_is_no_endless_loop(declared):
    declared("stuck", pytest.fail, due=lambda at: at)
    with pytest.raises(ValueError, match="due at"):
        list(moments_due(NOON, NOON + A_DAY))


@pytest.mark.django_db
def test_a_fault_in_asking_what_is_due_ends_no_worker(declared, monkeypatch):
    lines = []

    def unreadable(_at):
        message = "a setting"
        raise LookupError(message)

    def stop(_seconds):
        if lines:
            raise KeyboardInterrupt

    declared("blind", lambda *, at: bool(at is None), due=unreadable)
    monkeypatch.setattr(time, "sleep", stop)
    with pytest.raises(KeyboardInterrupt):
        Worker(say=lines.append).work_forever()
    assert lines == ["Looking for work failed (LookupError: a setting); it is tried again."]


@pytest.mark.django_db
def test_outside_the_sandbox_late_work_is_done_when_it_is_done(declared):
    ran = []
    declared(
        "hourly",
        lambda *, at: ran.append(at) or 0,
        due=lambda at: at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1),
    )
    [job] = jobs.declared()
    jobs.run(job, at=clock.now() - 3 * A_DAY)
    ran.clear()
    with override_settings(SANDBOX=False):
        Worker(say=pytest.fail).work_until_idle()
    assert len(ran) == 1
    ran.clear()
    jobs.run(job, at=clock.now())
    clock.advance(timedelta(hours=5))
    Worker(say=pytest.fail).work_until_idle()
    assert len(ran) == 7


# --- several at once ---


def in_threads(*functions):
    def closing(function):
        try:
            function()
        finally:
            connection.close()

    threads = [threading.Thread(target=closing, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_only_one_has_the_turn(committed_db):
    seen = {}

    def other():
        with turn() as is_mine:
            seen["while held"] = is_mine

    with turn() as is_mine:
        assert is_mine
        in_threads(other)
    with turn() as is_mine:
        seen["after"] = is_mine
    assert seen == {"while held": False, "after": True}


def test_who_waits_too_long_for_the_turn_says_so(committed_db, monkeypatch):
    monkeypatch.setattr("mooring.operations.worker._TURN_SECONDS_MAX", 0.2)
    failed = []

    def other():
        try:
            Worker(say=pytest.fail).work_until_idle()
        except WorkIsElsewhere:
            failed.append(True)

    with holding_turn():
        in_threads(other)
    assert failed == [True]


def test_workers_that_ignore_the_turn_pay_nothing_twice(committed_world):
    live(committed_world)
    until = OPENING + 9 * A_DAY
    say = []

    def ungoverned():
        worker = Worker(say=say.append)
        worker.work_between(OPENING, until)
        worker.work_at(until)

    in_threads(*[ungoverned] * 4)
    # Whoever was refused by a key tries again; then nothing is left and all is paid once.
    Worker(say=pytest.fail).work_at(until)
    assert [f.audit.name for f in audits.findings() if not f.is_clean] == []
    overview = earn.overview(account_id=committed_world.alice, at=until)
    paid = [str(position.rewards_paid) for position in overview.positions if position.days_paid]
    assert paid == ["2.70590027 BUSD"]


# --- the process ---


def start(url, *options):
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "mooring.settings.development",
        "MOORING_SANDBOX": "true",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "mooring.operations.cli", "work", *options]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def eventually(check, seconds=15):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.faults
def test_a_worker_follows_the_clock_outlives_the_database_and_stops_when_it_is_told(
    committed_world, committed_url
):
    live(committed_world)
    worker = start(committed_url)
    try:
        assert eventually(lambda: jobs.settled_through() is not None, 30)
        moved_to = clock.advance(2 * A_DAY)
        assert eventually(lambda: jobs.settled_through() >= moved_to)
        kill_other_sessions()
        moved_to = clock.advance(A_DAY)
        assert eventually(lambda: jobs.settled_through() >= moved_to)
        worker.send_signal(signal.SIGTERM)
        said, _ = worker.communicate(timeout=60)
    finally:
        worker.kill()
    assert worker.returncode == 0
    assert "Traceback" not in said
    assert "The database is away" in said
    assert "The database answers again." in said


def kill_other_sessions():
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        cursor.execute("SET ROLE mooring_app")


@pytest.mark.faults
def test_a_worker_killed_in_the_midst_leaves_the_rest_to_the_next(committed_world, committed_url):
    live(committed_world)
    clock.set_to(clock.now() + 20 * A_DAY)
    worker = start(committed_url)
    assert eventually(lambda: db.rows("SELECT 1 FROM earn_day_close"), 30)
    worker.kill()
    worker.communicate()
    Worker(say=pytest.fail).work_until_idle()
    assert [f.audit.name for f in audits.findings() if not f.is_clean] == []
    assert jobs.settled_through() is not None
