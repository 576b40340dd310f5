"""
The sandbox's bar: what time it is on the platform, and whether the work has caught up.

Moving the clock only moves the clock; the worker settles what became due. Until every job has
run through the moved time the bar says "settling" and asks again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mooring.kernel import clock, jobs
from mooring.kernel.errors import Refusal

MOVED_COOKIE: Final = "sandbox_moved_to"
#: How long the bar keeps asking whether the work has caught up.
MOVED_SECONDS: Final = 600

STEPS: Final[dict[str, tuple[timedelta, str | Promise]]] = {
    "1h": (timedelta(hours=1), _("+1 hour")),
    "1d": (timedelta(days=1), _("+1 day")),
    "7d": (timedelta(days=7), _("+7 days")),
}


class NothingScheduled(Refusal):
    """No job knows of anything that will become due."""

    code = "nothing_scheduled"

    def __init__(self) -> None:
        super().__init__("Nothing is scheduled: there is no next event to go to.")


class StepUnknown(Refusal):
    """The clock can be moved by the offered steps."""

    code = "sandbox_step_unknown"

    def __init__(self) -> None:
        super().__init__("Choose one of the offered steps.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The sandbox bar of a page."""

    at: datetime
    is_settling: bool
    steps: tuple[tuple[str, str | Promise], ...]


def bar_of(request: HttpRequest, *, at: datetime) -> Bar:
    """Return the bar as of `at`."""
    steps = tuple((name, label) for name, (_by, label) in STEPS.items())
    return Bar(at=at, is_settling=is_settling(request), steps=steps)


def is_settling(request: HttpRequest) -> bool:
    """Whether this browser moved the clock and some job has not yet run through that time."""
    moved_to = _moved_to(request)
    if moved_to is None:
        return False
    through = jobs.settled_through()
    return through is None or through < moved_to


def move_clock(step: str, *, at: datetime) -> datetime:
    """
    Move the clock by one of `STEPS`, or with `next` to the next event; return the new time.

    Raises:
        StepUnknown, NothingScheduled, clock.NotASandbox, clock.ClockTooFar.
    """
    if step in STEPS:
        return clock.advance(STEPS[step][0])
    if step != "next":
        raise StepUnknown
    due = jobs.next_due(at)
    if due is None:
        raise NothingScheduled
    return clock.set_to(max(due, clock.now()))


def _moved_to(request: HttpRequest) -> datetime | None:
    try:
        found = datetime.fromisoformat(request.COOKIES.get(MOVED_COOKIE, ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
