"""
The link in every security mail that disables the account.

It works for as long as the policy says, also when it went to an address that was the person's and
is not any more: who is told of a change that they did not make needs it most. It ends when an
account comes back: mails of before were about what is over.
"""

from datetime import timedelta
from typing import Final

from django.core import signing

from mooring.accounts.models import Account, Recovery

_SALT: Final = "disable"


def disable_token(user_id: int) -> str:
    """Return the token of the link with which a person disables their account."""
    return signing.dumps([user_id, _times_reopened(user_id)], salt=_SALT)


def read_disable_token(token: str, *, max_age: timedelta) -> int | None:
    """Return whose account a token disables; None if it is not ours, or is of before."""
    try:
        content = signing.loads(token, salt=_SALT, max_age=max_age)
    except signing.BadSignature:
        return None
    match content:
        case [int(user_id), int(reopened)] if reopened == _times_reopened(user_id):
            return user_id
    return None


def _times_reopened(user_id: int) -> int:
    done = Recovery.objects.filter(kind=Recovery.Kind.DISABLED, completed_at__isnull=False)
    return done.filter(account__user_id=user_id).count()


def may_be_disabled(user_id: int) -> bool:
    """Return whether there is an account that is not closed; frozen again is frozen still."""
    return Account.objects.filter(user_id=user_id).exclude(status=Account.Status.CLOSED).exists()
