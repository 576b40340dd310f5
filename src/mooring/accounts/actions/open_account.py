"""Open an account for a person."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError

from mooring.accounts.errors import EmailTaken
from mooring.accounts.models import Account, User
from mooring.kernel import db


@db.transaction
def open_account(*, email: str, password: str, at: datetime) -> int:
    """
    Make a log-in and its account, at an operator's word: the address counts as confirmed.

    Args:
        email: the address to log in with; unique whatever its letter case.
        password: stored hashed, never logged.
        at: when the account is opened, UTC.

    Returns:
        The account's id.

    Raises:
        EmailTaken: the address has a log-in already.
    """
    user = User(email=email.lower())
    user.set_password(password)
    account_id = _save_with_account(user, terms_version="", at=at)
    # Without this row the first log-in would ask for a code from the mailbox.
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return account_id


@db.transaction
def sign_up(user: User, *, terms_version: str, at: datetime) -> int:
    """
    Save a new log-in and open its account, together or not at all.

    Args:
        user: not saved yet, its password set.
        terms_version: which text the person accepted.
        at: when, UTC.

    Returns:
        The account's id.

    Raises:
        EmailTaken: the address has a log-in already.
    """
    return _save_with_account(user, terms_version=terms_version, at=at)


@db.transaction_required
def open_account_of(user: User, *, at: datetime, terms_version: str = "") -> int:
    """Open the account of a log-in that exists; return the account's id."""
    accepted_at = at if terms_version else None
    return Account.objects.create(
        user=user, opened_at=at, terms_version=terms_version, terms_accepted_at=accepted_at
    ).pk


def _save_with_account(user: User, *, terms_version: str, at: datetime) -> int:
    try:
        user.save()
    except IntegrityError as error:
        if db.constraint_of(error) == "accounts_user_email_unique":
            raise EmailTaken from error
        raise
    return open_account_of(user, at=at, terms_version=terms_version)
