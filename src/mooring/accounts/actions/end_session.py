"""End one log-in."""

from datetime import datetime

from django.db.models import Q

from mooring.accounts import events
from mooring.accounts.origin import Origin
from mooring.accounts.presence import sessions
from mooring.kernel import db


@db.transaction
def log_out(*, user_id: int, session_id: int, origin: Origin, at: datetime) -> None:
    """End the log-in of a person who leaves."""
    ended = sessions.end_where(
        Q(id=session_id, user_id=user_id), end=sessions.End.LOGGED_OUT, wall=origin.wall
    )
    if ended:
        events.record(events.Kind.LOGGED_OUT, user_id=user_id, origin=origin, at=at)


@db.transaction
def end_session(*, session_id: int, end: str, wall: datetime) -> None:
    """
    End a log-in that is over by a limit or by the state of its account.

    Args:
        end: why, one of `sessions.End`.
    """
    sessions.end_where(Q(id=session_id), end=end, wall=wall)


@db.transaction
def end_due_sessions(*, at: datetime, wall: datetime) -> int:
    """
    End the log-ins that are over by the limits in force and did not come back to be told.

    Forgets those that ended a year ago, and what Django kept of visits that are long over.

    Args:
        at: platform time, whose limits hold.
        wall: the real time, in which log-ins live.

    Returns:
        How many there were.
    """
    sessions.forget(wall=wall)
    limits = sessions.limits(at=at)
    too_old, unused = Q(begun_at__lte=wall - limits.absolute), Q(seen_at__lte=wall - limits.idle)
    aged = sessions.end_where(too_old, end=sessions.End.AGE, wall=wall)
    return aged + sessions.end_where(unused, end=sessions.End.IDLE, wall=wall)
