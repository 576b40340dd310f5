"""Open an account for a person."""

from datetime import datetime

from django.db import IntegrityError

from mooring.accounts.errors import EmailTaken
from mooring.accounts.models import Account, User
from mooring.kernel import db


@db.transaction
def open_account(*, email: str, password: str, at: datetime) -> int:
    """
    Make a log-in and its account.

    Args:
        email: the address to log in with; unique whatever its letter case.
        password: stored hashed, never logged.
        at: when the account is opened, UTC.

    Returns:
        The account's id.

    Raises:
        EmailTaken: the address has a log-in already.
    """
    user = User(email=email)
    user.set_password(password)
    try:
        user.save()
    except IntegrityError as error:
        if db.constraint_of(error) == "accounts_user_email_unique":
            raise EmailTaken from error
        raise
    return open_account_of(user, at=at)


@db.transaction_required
def open_account_of(user: User, *, at: datetime) -> int:
    """Open the account of a log-in that exists; return the account's id."""
    return Account.objects.create(user=user, opened_at=at).pk
