"""Let a person in who has proven themselves."""

from datetime import datetime

from django.db.models import Q

from mooring.accounts import events
from mooring.accounts.entrance import noted_tries
from mooring.accounts.models import User
from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_log_in
from mooring.accounts.presence import sessions
from mooring.kernel import db


@db.transaction
def log_in(
    user: User,
    *,
    session_key: str,
    device_id: int | None,
    origin: Origin,
    at: datetime,
    previous_key: str | None = None,
) -> int | None:
    """
    Begin a log-in, after every proof that it needs, and tell its person.

    Args:
        user: as read when the log-in was last looked at, so that its epoch is that of the log-in.
        session_key: of Django's session, after it was rotated for the log-in.
        device_id: the confirmed device it happens on; None where none is needed.
        previous_key: of the same browser's session before; a log-in that it was ends.

    Returns:
        The session's id; None where everything of the person's was ended since the password was
        given: nobody is logged in then.
    """
    may_go_on = lock_log_in(user.pk, epoch=user.log_in_epoch)
    if previous_key:
        ended = Q(session_key=previous_key)
        sessions.end_where(ended, end=sessions.End.LOGGED_OUT, wall=origin.wall)
    if not may_go_on:
        return None
    session_id = sessions.begin_session(
        user_id=user.pk, session_key=session_key, device_id=device_id, origin=origin
    )
    noted_tries.tell(user_id=user.pk)
    events.record(events.Kind.LOGGED_IN, user_id=user.pk, origin=origin, at=at)
    return session_id
