"""Give somebody who reviews a new authenticator app, at the operator's word."""

from datetime import datetime

from mooring.accounts.presence import sessions
from mooring.accounts.verification.staff import StaffApp, give_app, lock_staff
from mooring.kernel import db


@db.transaction
def renew_staff_app(*, email: str, wall: datetime) -> StaffApp:
    """
    Replace the authenticator app of a reviewer who lost it, and log them out everywhere.

    Args:
        wall: the real time, UTC.

    Raises:
        StaffNotFound: nobody who reviews logs in with this address.
    """
    user = lock_staff(email)
    sessions.end_sessions(user.pk, end=sessions.End.SECURITY, wall=wall)
    return give_app(user, wall=wall)
