"""Open an account for a person."""

from datetime import datetime

from django.db import IntegrityError

from mooring.accounts.entrance.identifiers import read_email, read_phone
from mooring.accounts.errors import EmailTaken
from mooring.accounts.models import Account, User
from mooring.kernel import db

_TAKEN = frozenset({"accounts_user_email_unique", "accounts_user_phone_unique"})


@db.transaction
def open_account(*, email: str, password: str, at: datetime, phone: str = "") -> int:
    """
    Make a log-in and its account, at an operator's word: address and number count as confirmed.

    Args:
        email: the address to log in with; unique whatever its letter case.
        password: stored hashed, never logged.
        at: when the account is opened, UTC.
        phone: a mobile number to log in with as well; empty: none.

    Returns:
        The account's id.

    Raises:
        IdentifierMalformed: we cannot write to the address or number.
        EmailTaken: the address or number has a log-in already.
    """
    user = User(email=read_email(email).value, phone=read_phone(phone).value if phone else None)
    user.set_password(password)
    try:
        user.save()
    except IntegrityError as error:
        if db.constraint_of(error) in _TAKEN:
            raise EmailTaken from error
        raise
    return open_account_of(user, at=at)


@db.transaction_required
def open_account_of(user: User, *, at: datetime) -> int:
    """Open the account of a log-in that exists; return the account's id."""
    return Account.objects.create(user=user, opened_at=at).pk
