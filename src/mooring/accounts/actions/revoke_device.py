"""End log-ins elsewhere, and forget devices, at their person's word."""

from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q

from mooring.accounts import events
from mooring.accounts.errors import DeviceNotFound, SessionNotFound
from mooring.accounts.origin import Origin
from mooring.accounts.presence import devices, sessions
from mooring.kernel import db


@db.transaction
def revoke_session(session_id: int, *, user_id: int, origin: Origin, at: datetime) -> None:
    """
    End one log-in of a person.

    Raises:
        SessionNotFound: it is somebody else's, has ended, or never was.
    """
    which = Q(id=session_id, user_id=user_id)
    if not sessions.end_where(which, end=sessions.End.REVOKED, wall=origin.wall):
        raise SessionNotFound
    events.record(events.Kind.SESSION_ENDED, user_id=user_id, origin=origin, at=at)


@db.transaction
def revoke_device(device_id: int, *, user_id: int, origin: Origin, at: datetime) -> None:
    """
    Forget a device and end the log-ins on it; it must be confirmed anew.

    Raises:
        DeviceNotFound: it is somebody else's, is forgotten already, or never was.
    """
    name = devices.revoke(device_id, user_id=user_id, wall=origin.wall)
    if name is None:
        raise DeviceNotFound
    events.record(
        events.Kind.DEVICE_REVOKED,
        user_id=user_id,
        origin=origin,
        at=at,
        details={"revoked": name},
    )


@db.transaction
def end_other_sessions(
    session: SessionBase, *, user_id: int, session_id: int, origin: Origin, at: datetime
) -> int:
    """
    End every log-in of a person but the one that asks, which gets a new key.

    The new key matters most: whoever copied the cookie of this very log-in is one of the others.

    Args:
        session: Django's, of the request that asks.
        session_id: the log-in that asks.

    Returns:
        How many others there were.

    Raises:
        SessionOver: the log-in that asks has been ended meanwhile.
    """
    sessions.lock_sessions(user_id)
    sessions.rotate(session, session_id=session_id)
    ended = sessions.end_sessions(
        user_id,
        end=sessions.End.REVOKED,
        wall=origin.wall,
        except_session_id=session_id,
    )
    events.record(
        events.Kind.SESSIONS_ENDED,
        user_id=user_id,
        origin=origin,
        at=at,
        details={"count": str(ended)},
    )
    return ended
