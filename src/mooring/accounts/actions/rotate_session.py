"""Give a log-in a new key."""

from django.contrib.sessions.backends.base import SessionBase

from mooring.accounts.presence import sessions
from mooring.kernel import db


@db.transaction
def rotate_session(session: SessionBase, *, session_id: int) -> None:
    """
    Rotate the log-in of a request that has just proven more, or changed the password.

    Args:
        session: Django's, of the request.
        session_id: the `LoginSession` it is.

    Raises:
        SessionOver: the log-in has been ended meanwhile.
    """
    sessions.rotate(session, session_id=session_id)
