"""An action is one transaction, READ COMMITTED, and never part of another."""

from decimal import Decimal

import dj_database_url
import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from mooring.kernel import db


@db.transaction
def act(fails=False):
    db.execute("INSERT INTO kernel_job_run (name, ran_through) VALUES ('act', now())")
    if fails:
        message = "changed its mind"
        raise LookupError(message)
    return db.rows("SHOW transaction_isolation")


@db.transaction_required
def part_of_an_action():
    return "done"


def acted():
    return db.rows("SELECT count(*) FROM kernel_job_run WHERE name = 'act'")[0][0]


@pytest.mark.django_db
def test_an_action_is_read_committed():
    assert act() == [("read committed",)]


def test_an_action_commits_when_it_returns(committed_db):
    act()
    connection.close()
    assert acted() == 1


@pytest.mark.django_db
def test_an_action_that_raises_leaves_nothing():
    with pytest.raises(LookupError):
        act(fails=True)
    assert acted() == 0


@pytest.mark.django_db
def test_an_action_never_calls_an_action():
    @db.transaction
    def outer():
        act()

    with pytest.raises(RuntimeError, match="durable"):
        outer()
    assert acted() == 0


def test_an_action_is_never_inside_a_transaction(committed_db):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        act()


def test_part_of_an_action_needs_one(committed_db):
    with pytest.raises(RuntimeError, match="part_of_an_action"):
        part_of_an_action()
    with transaction.atomic():
        assert part_of_an_action() == "done"


@pytest.mark.django_db
def test_the_session_says_what_the_platform_relies_on():
    names = ("TimeZone", "transaction_isolation", "lock_timeout", "statement_timeout")
    shown = {name: db.rows(f"SHOW {name}")[0][0] for name in names}
    assert shown == {
        "TimeZone": "UTC",
        "transaction_isolation": "read committed",
        "lock_timeout": "10s",
        "statement_timeout": "1min",
    }


@pytest.mark.django_db
def test_tests_work_as_the_application_and_not_as_the_owner(owner):
    assert db.rows("SELECT current_user") == [("mooring_app",)]
    with owner():
        assert db.rows("SELECT current_user = session_user") == [(True,)]
    assert db.rows("SELECT current_user") == [("mooring_app",)]


def test_another_process_finds_the_clone(committed_db, committed_url):
    place = dj_database_url.parse(committed_url)
    parameters = {name.lower(): place[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    with psycopg.connect(dbname=place["NAME"], **parameters) as other:
        assert other.execute("SELECT current_database()").fetchone() == (committed_db,)


@pytest.mark.django_db
def test_an_array_arrives_as_it_was_written():
    numbers = [Decimal("1.5"), Decimal("-1E-18"), Decimal("1E+3"), None]
    assert db.rows("SELECT %s::numeric[]", [db.array(numbers)]) == [(numbers,)]
    assert db.rows("SELECT %s::text[]", [db.array(["a.b:1", "x"])]) == [(["a.b:1", "x"],)]
    assert db.rows("SELECT %s::bigint[]", [db.array([])]) == [([],)]


@pytest.mark.django_db
def test_execute_counts_the_rows():
    act()
    assert db.execute("UPDATE kernel_job_run SET ran_through = now()") == 1


@pytest.mark.django_db
def test_a_broken_constraint_is_known_by_its_name():
    act()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        db.execute("INSERT INTO kernel_job_run (name, ran_through) VALUES ('act', now())")
    assert db.constraint_of(refused.value) == "kernel_job_run_pkey"


def test_an_error_without_a_constraint_names_none():
    assert db.constraint_of(ValueError("x")) is None


def test_a_connection_that_the_database_ended_is_not_used_again(committed_db, committed_url):
    [(backend,)] = db.rows("SELECT pg_backend_pid()")
    place = dj_database_url.parse(committed_url)
    parameters = {name.lower(): place[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    with psycopg.connect(dbname=place["NAME"], autocommit=True, **parameters) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    db.drop_lost_connection()
    [(another,)] = db.rows("SELECT pg_backend_pid()")
    assert another != backend
    # Tests keep no connection; a server keeps one for minutes.
    connection.close_at = None
    db.drop_lost_connection()
    assert db.rows("SELECT pg_backend_pid()") == [(another,)]
