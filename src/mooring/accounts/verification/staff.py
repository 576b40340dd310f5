"""
Log-ins of those who review: made at the machine, without an account, each with a strong factor.

The factor is made with the log-in. A password alone never opens the reviewers' desk, not even
until somebody has found the page where factors are added.
"""

from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator

from mooring.accounts.models import User
from mooring.accounts.proofs import totp
from mooring.accounts.verification.errors import StaffNotFound
from mooring.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffApp:
    """Whose authenticator app, and the key that is typed into it: shown once."""

    user_id: int
    email: str
    key: str = field(repr=False)


@db.transaction_required
def give_app(user: User, *, wall: datetime) -> StaffApp:
    """
    Give a log-in a new authenticator app; one that it had is no good any more.

    Args:
        wall: the real time, UTC.
    """
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    begun = totp.begin_enrolment(user_id=user.pk)
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.TOTP,
        data={"secret": begun.sealed},
        created_at=wall,
    )
    return StaffApp(user_id=user.pk, email=user.email or "", key=begun.key)


@db.transaction_required
def lock_staff(email: str) -> User:
    """
    Lock the log-in of somebody who reviews, and return it.

    Raises:
        StaffNotFound: nobody who reviews logs in with this address.
    """
    found = User.objects.select_for_update(no_key=True).filter(
        email=email.strip().lower(), is_staff=True
    )
    user = found.first()
    if user is None:
        raise StaffNotFound
    return user
