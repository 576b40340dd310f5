"""
The link in every security mail that disables the account.

It works for as long as the policy says, also when it went to an address that was the person's and
is not any more: who is told of a change that they did not make needs it most. It ends when an
account comes back: mails of before were about what is over.
"""

import json
from datetime import timedelta
from typing import Final

from django.core import signing

from mooring.accounts.models import Account, Recovery

_SALT: Final = "disable"
_ID_MAX: Final = 2**63


def disable_token(user_id: int, *, times_reopened: int = 0) -> str:
    """
    Return the token of the link with which a person disables their account.

    Args:
        times_reopened: how often the account came back so far: `Recipient.times_reopened`.
    """
    return signing.dumps(user_id, salt=_salt(times_reopened))


def read_disable_token(token: str, *, max_age: timedelta) -> int | None:
    """Return whose account a token disables; None if it is not ours, is too old or of before."""
    try:
        # Whose it says it is decides only what it is checked against.
        claimed = json.loads(signing.b64_decode(token.partition(":")[0].encode()))
        if type(claimed) is not int or not 0 < claimed < _ID_MAX:
            return None
        salt = _salt(_times_reopened(claimed))
        user_id: int = signing.loads(token, salt=salt, max_age=max_age)
    except (signing.BadSignature, ValueError, RecursionError):
        return None
    return user_id


def _salt(times_reopened: int) -> str:
    """Return what the signature depends on, so that a link takes no more room for it."""
    return f"{_SALT}.{times_reopened}"


def _times_reopened(user_id: int) -> int:
    done = Recovery.objects.filter(kind=Recovery.Kind.DISABLED, completed_at__isnull=False)
    return done.filter(account__user_id=user_id).count()


def may_be_disabled(user_id: int) -> bool:
    """Return whether there is an account that is not closed; frozen again is frozen still."""
    return Account.objects.filter(user_id=user_id).exclude(status=Account.Status.CLOSED).exists()
