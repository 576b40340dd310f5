"""
What runs by itself.

Each app's `jobs.py` declares jobs with `@jobs.every(...)`; the worker wakes them. A job is
given its time, asks the database what is due, and calls one action per unit, whose unique
key makes twice equal once. A missed run is caught up by the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from mooring.kernel import db


class Run(Protocol):
    """The body of a job."""

    def __call__(self, *, at: datetime) -> int:
        """Do what is due at `at`; return how many units were done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """
    A declaration.

    `next_due` tells when this job will next have something to do after `at`, or None.
    """

    name: str
    seconds: int
    run: Run
    next_due: Callable[[datetime], datetime | None]


_JOBS: Final[dict[str, Job]] = {}


def every(
    *,
    seconds: int,
    name: str,
    next_due: Callable[[datetime], datetime | None],
) -> Callable[[Run], Run]:
    """Declare the decorated function as a job, woken at least every `seconds` of wall time."""

    def declare(run: Run) -> Run:
        if name in _JOBS:
            message = f"the job {name} is declared twice"
            raise ValueError(message)
        _JOBS[name] = Job(name=name, seconds=seconds, run=run, next_due=next_due)
        return run

    return declare


def declared() -> tuple[Job, ...]:
    """Return every job, in the order of declaration."""
    return tuple(_JOBS.values())


def run(job: Job, *, at: datetime) -> int:
    """Run one job at `at`, note how far it came, and return how many units it did."""
    done = job.run(at=at)
    db.execute(
        "INSERT INTO kernel_job_run AS run (name, ran_through) VALUES (%s, %s)"
        " ON CONFLICT (name) DO UPDATE SET"
        " ran_through = greatest(run.ran_through, EXCLUDED.ran_through), recorded_at = now()",
        [job.name, at],
    )
    return done


def next_due(at: datetime) -> datetime | None:
    """Return when, after `at`, any job next has something to do; None if never."""
    times = [due for job in declared() if (due := job.next_due(at)) is not None]
    return min(times, default=None)


def settled_through() -> datetime | None:
    """Return the platform time up to which every declared job has run; None before that."""
    names = [job.name for job in declared()]
    found = db.rows(
        "SELECT count(*), min(ran_through) FROM kernel_job_run WHERE name = ANY(%s)", [names]
    )
    count, earliest = found[0]
    settled: datetime | None = earliest if count == len(names) else None
    return settled
