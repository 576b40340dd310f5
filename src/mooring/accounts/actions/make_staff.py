"""Make a log-in for somebody who reviews."""

from datetime import datetime

from django.db import IntegrityError

from mooring.accounts.errors import EmailTaken
from mooring.accounts.models import User
from mooring.accounts.verification.staff import StaffApp, give_app
from mooring.kernel import db


@db.transaction
def make_staff(*, email: str, password: str, wall: datetime) -> StaffApp:
    """
    Make a log-in without an account that may review, with its authenticator app.

    Args:
        email: canonical; the operator answers for it, so it counts as confirmed.
        password: stored hashed, never logged.
        wall: the real time, UTC.

    Raises:
        EmailTaken: the address has a log-in already; a customer's log-in never reviews.
    """
    user = User(email=email.lower(), is_staff=True)
    user.set_password(password)
    try:
        user.save()
    except IntegrityError as error:
        if db.constraint_of(error) == "accounts_user_email_unique":
            raise EmailTaken from error
        raise
    return give_app(user, wall=wall)
