"""End the log-in of somebody who reviews."""

from datetime import datetime

from mooring.accounts.presence import sessions
from mooring.accounts.verification.staff import lock_staff
from mooring.kernel import db


@db.transaction
def end_staff(*, email: str, wall: datetime) -> int:
    """
    Let somebody review no more: the log-in is blocked, and what it decided stays signed by it.

    Args:
        wall: the real time, UTC.

    Returns:
        The number of the log-in.

    Raises:
        StaffNotFound: nobody who reviews logs in with this address.
    """
    user = lock_staff(email)
    user.is_staff = user.is_active = False
    user.save(update_fields=["is_staff", "is_active"])
    sessions.end_sessions(user.pk, end=sessions.End.SECURITY, wall=wall)
    return user.pk
