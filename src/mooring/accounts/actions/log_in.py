"""Let a person in who has proven themselves."""

from datetime import datetime

from django.db.models import Q

from mooring.accounts import events
from mooring.accounts.entrance import noted_tries
from mooring.accounts.origin import Origin
from mooring.accounts.presence import sessions
from mooring.kernel import db


@db.transaction
def log_in(
    *,
    user_id: int,
    session_key: str,
    device_id: int | None,
    origin: Origin,
    at: datetime,
    previous_key: str | None = None,
) -> int:
    """
    Begin a log-in, after every proof that it needs, and tell its person.

    Args:
        session_key: of Django's session, after it was rotated for the log-in.
        device_id: the confirmed device it happens on; None where none is needed.
        previous_key: of the same browser's session before; a log-in that it was ends.

    Returns:
        The session's id.
    """
    if previous_key:
        ended = Q(session_key=previous_key)
        sessions.end_where(ended, end=sessions.End.LOGGED_OUT, wall=origin.wall)
    session_id = sessions.begin_session(
        user_id=user_id, session_key=session_key, device_id=device_id, origin=origin
    )
    noted_tries.tell(user_id=user_id)
    events.record(events.Kind.LOGGED_IN, user_id=user_id, origin=origin, at=at)
    return session_id
