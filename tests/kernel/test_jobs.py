"""A job is declared once, told the time, and remembered by how far it came."""

from datetime import UTC, datetime, timedelta

import pytest

from mooring.kernel import jobs

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_the_declared(monkeypatch):
    monkeypatch.setattr(jobs, "_JOBS", {})


def declare(name, *, done=0, due=None):
    ran = []

    @jobs.every(seconds=60, name=name, next_due=lambda _: due)
    def run(*, at):
        ran.append(at)
        return done

    return ran


def test_runs_with_the_time_it_is_given():
    ran = declare("earn.close_days", done=3)
    (job,) = jobs.declared()
    assert jobs.run(job, at=NOON) == 3
    assert ran == [NOON]


def test_is_declared_once():
    declare("earn.close_days")
    with pytest.raises(ValueError, match="twice"):
        declare("earn.close_days")


def test_the_next_due_is_the_earliest_of_all():
    declare("one", due=NOON + 2 * AN_HOUR)
    declare("two", due=NOON + AN_HOUR)
    declare("three")
    assert jobs.next_due(NOON) == NOON + AN_HOUR


def test_nothing_declared_is_never_due():
    assert jobs.next_due(NOON) is None


def test_settled_is_what_every_job_has_done():
    declare("one")
    declare("two")
    one, two = jobs.declared()
    jobs.run(one, at=NOON + AN_HOUR)
    assert jobs.settled_through() is None
    jobs.run(two, at=NOON)
    assert jobs.settled_through() == NOON


def test_a_late_report_does_not_take_time_back():
    declare("one")
    (job,) = jobs.declared()
    jobs.run(job, at=NOON + AN_HOUR)
    jobs.run(job, at=NOON)
    assert jobs.settled_through() == NOON + AN_HOUR


def test_a_job_that_fails_is_not_remembered():
    @jobs.every(seconds=60, name="one", next_due=lambda _: None)
    def run(*, at):
        message = "the chain is away"
        raise ConnectionError(message)

    (job,) = jobs.declared()
    with pytest.raises(ConnectionError):
        jobs.run(job, at=NOON)
    assert jobs.settled_through() is None
