"""
The worker: wakes jobs when they are due, for ever or until nothing is left.

Cron as a source of truth loses a night; here the database says what is due. In a sandbox, whose
clock jumps, the worker goes through every moment at which something falls due, oldest first, and
runs the jobs at that moment: seven days at once leave the same rows as seven days one by one.
Elsewhere late work is done at the time it is done.

One worker works at a time, the others stand by and take over within a second: a session lock of
the database says whose turn it is. Correctness does not hang on it (every unit of work has a
unique key); order does.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import Error, connection

from mooring.kernel import clock, db, jobs

#: Names the session lock; any number that nothing else of this database uses.
_TURN: Final = 7_304_112_002
_LOOK_SECONDS: Final = 1.0
_TURN_SECONDS_MAX: Final = 120.0
_BACKOFF_SECONDS_MAX: Final = 60.0


class WorkIsElsewhere(Exception):
    """Another worker kept the turn for too long."""

    def __init__(self) -> None:
        super().__init__("another worker is at work; try again when it has finished")


@dataclass(slots=True)
class _Failing:
    """A job that failed: how often in a row, and when it is tried again (monotonic seconds)."""

    times: int
    again_at: float


@dataclass(slots=True, kw_only=True)
class Worker:
    """
    One process's hand on the jobs.

    Args:
        say: takes one line, for the log.
        progress: takes how far a long catch-up has come.
    """

    say: Callable[[str], None]
    progress: Callable[[str], None] = lambda _: None
    #: Units done, by job.
    done: dict[str, int] = field(default_factory=dict)
    _failing: dict[str, _Failing] = field(default_factory=dict)
    _worked_through: datetime | None = None
    _next_event: datetime | None = None
    _is_database_away: bool = False

    @property
    def failing(self) -> tuple[str, ...]:
        """The jobs whose last run failed."""
        return tuple(sorted(self._failing))

    def work_forever(self) -> None:
        """Look every second, do what is due, and outlive the database."""
        while True:
            try:
                self._look()
            except Error as error:
                # The connection is gone, with whatever it had not committed; the next look
                # opens a new one.
                connection.close()
                self._note_database_away(error)
            except Exception as error:  # noqa: BLE001 - a fault in asking ends no worker
                self.say(f"Looking for work failed ({_reason(error)}); it is tried again.")
            time.sleep(_LOOK_SECONDS)

    def work_until_idle(self) -> int:
        """
        Do everything that is due, repeated until nothing is done; return how many units.

        Raises:
            WorkIsElsewhere: another worker keeps the turn.
        """
        with holding_turn():
            return self._catch_up(clock.now())

    def work_between(self, since: datetime | None, until: datetime) -> int:
        """
        Work at every moment after `since` and before `until` at which something falls due.

        Under the turn to work. Returns how many units were done.
        """
        total = 0
        for moment in moments_due(since, until):
            total += self._run_all(at=moment)
            self._worked_through = moment
            self.progress(f"worked through {moment:%Y-%m-%d %H:%M} UTC, {total} done")
        return total

    def work_at(self, at: datetime) -> int:
        """
        Run every job at a time, in the order of declaration, until none does anything.

        Under the turn to work. Returns how many units were done.
        """
        total = 0
        while done := self._run_all(at=at):
            total += done
        self._worked_through = at
        return total

    def _look(self) -> None:
        at = clock.now()
        if not (self._is_database_away or self._is_time(at)):
            return
        with turn() as is_mine:
            if self._is_database_away:
                self._is_database_away = False
                self.say("The database answers again.")
            if is_mine:
                self._catch_up(at)

    def _is_time(self, at: datetime) -> bool:
        if self._worked_through is None:
            return True
        waited = (at - self._worked_through).total_seconds()
        is_woken = waited >= min((job.seconds for job in jobs.declared()), default=0)
        return is_woken or (self._next_event is not None and at >= self._next_event)

    def _catch_up(self, at: datetime) -> int:
        # Only a clock that jumps leaves moments behind that nobody lived through.
        since = self._since() if settings.SANDBOX else None
        total = self.work_between(since, at) + self.work_at(at)
        self._next_event = jobs.next_due(at)
        return total

    def _since(self) -> datetime | None:
        """Return how far the work has come, by this worker or another."""
        known = [at for at in (self._worked_through, jobs.settled_through()) if at is not None]
        return max(known, default=None)

    def _run_all(self, *, at: datetime) -> int:
        return sum(self._try(job, at=at) for job in self._willing())

    def _willing(self) -> Sequence[jobs.Job]:
        at = time.monotonic()
        return [
            job
            for job in jobs.declared()
            if job.name not in self._failing or self._failing[job.name].again_at <= at
        ]

    def _try(self, job: jobs.Job, *, at: datetime) -> int:
        """Run one job; a fault of it is noted and leaves the others be."""
        try:
            done = jobs.run(job, at=at)
        except Exception as error:
            if _is_connection_lost():
                raise
            self._note_failure(job, error)
            return 0
        self._failing.pop(job.name, None)
        if done:
            self.done[job.name] = self.done.get(job.name, 0) + done
        return done

    def _note_failure(self, job: jobs.Job, error: Exception) -> None:
        times = self._failing[job.name].times + 1 if job.name in self._failing else 1
        pause = min(_BACKOFF_SECONDS_MAX, 2.0 ** (times - 1))
        self._failing[job.name] = _Failing(times, time.monotonic() + pause)
        self.say(f"Job {job.name} failed ({_reason(error)}); it is tried again in {pause:g} s.")

    def _note_database_away(self, error: Error) -> None:
        if not self._is_database_away:
            self._is_database_away = True
            self.say(f"The database is away ({_reason(error)}); it is tried again every second.")


def moments_due(since: datetime | None, until: datetime) -> Iterator[datetime]:
    """
    Yield every moment after `since` and before `until` at which some job has something to do.

    The next one is asked for after the work of the one before, which may have made it.
    """
    while since is not None:
        due = jobs.next_due(since)
        if due is None or due >= until:
            return
        if due <= since:
            message = f"a job says that after {since} it is due at {due}"
            raise ValueError(message)
        yield due
        since = due


@contextlib.contextmanager
def holding_turn() -> Iterator[None]:
    """
    Wait for the turn to work, and give it back in the end.

    Raises:
        WorkIsElsewhere: another worker keeps it.
    """
    until = time.monotonic() + _TURN_SECONDS_MAX
    while time.monotonic() < until:
        with turn() as is_mine:
            if is_mine:
                yield
                return
        time.sleep(_LOOK_SECONDS / 10)
    raise WorkIsElsewhere


@contextlib.contextmanager
def turn() -> Iterator[bool]:
    """Take the turn to work if it is free, and give it back; yields whether it was taken."""
    [(is_mine,)] = db.rows("SELECT pg_try_advisory_lock(%s)", [_TURN])
    try:
        yield is_mine
    finally:
        # A connection that is gone has given it back already.
        if is_mine and not _is_connection_lost():
            db.rows("SELECT pg_advisory_unlock(%s)", [_TURN])


def _is_connection_lost() -> bool:
    raw = connection.connection
    return raw is None or bool(raw.closed)


def _reason(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
