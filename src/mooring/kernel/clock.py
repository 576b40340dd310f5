"""
What time it is for the business.

Only doors (pages, commands) and jobs read the clock; inwards, `at` is a required argument.
In a sandbox the clock is the wall's plus a row that only grows; authentication of requests
uses `wall()` even there.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from mooring.kernel import db
from mooring.kernel.errors import Refusal


class NotASandbox(Refusal):
    """The clock can be moved, and play money made, in a sandbox only."""

    code = "not_a_sandbox"

    def __init__(self) -> None:
        super().__init__("This is possible in a sandbox only (MOORING_SANDBOX=true).")


class ClockOnlyMovesForward(Refusal):
    """A clock that went back would let a day be closed twice."""

    code = "clock_only_moves_forward"

    def __init__(self, *, asked: datetime, now: datetime) -> None:
        super().__init__(
            f"The clock only moves forward: it is {now:%Y-%m-%d %H:%M:%S} UTC, "
            f"later than {asked:%Y-%m-%d %H:%M:%S} UTC."
        )
        self.asked = asked
        self.now = now


class ClockTooFar(Refusal):
    """Twenty years ahead at most: a typing error should not end a sandbox."""

    code = "clock_too_far"

    def __init__(self) -> None:
        super().__init__("The clock can be at most 20 years ahead of the real time.")


_AHEAD_MAX = timedelta(days=20 * 365)


def wall() -> datetime:
    """Return the real time, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the platform's time, UTC: the wall's, or the sandbox's."""
    return wall() + _ahead()


def advance(by: timedelta) -> datetime:
    """
    Move the sandbox's clock forward and return the new time.

    Raises:
        NotASandbox, ClockOnlyMovesForward, ClockTooFar.
    """
    _require_sandbox()
    if by < timedelta(0):
        current = now()
        raise ClockOnlyMovesForward(asked=current + by, now=current)
    if by > _AHEAD_MAX or _ahead() + by > _AHEAD_MAX:
        raise ClockTooFar
    db.execute(
        "INSERT INTO kernel_sandbox_clock AS clock (id, ahead) VALUES (1, %s)"
        " ON CONFLICT (id) DO UPDATE SET ahead = clock.ahead + EXCLUDED.ahead",
        [by],
    )
    return now()


def set_to(at: datetime) -> datetime:
    """
    Move the sandbox's clock forward to `at` and return the new time.

    Raises:
        NotASandbox, ClockOnlyMovesForward, ClockTooFar.
    """
    _require_sandbox()
    current = now()
    if at < current:
        raise ClockOnlyMovesForward(asked=at, now=current)
    return advance(at - current)


def _ahead() -> timedelta:
    if not settings.SANDBOX:
        return timedelta(0)
    found = db.rows("SELECT ahead FROM kernel_sandbox_clock WHERE id = 1")
    return found[0][0] if found else timedelta(0)


def _require_sandbox() -> None:
    if not settings.SANDBOX:
        raise NotASandbox
