"""The link in every security mail that disables the account."""

from datetime import timedelta
from typing import Final

from django.core import signing

from mooring.accounts.models import Account

_SALT: Final = "disable"


def disable_token(user_id: int) -> str:
    """Return the token of the link with which a person disables their account."""
    return signing.dumps(user_id, salt=_SALT)


def read_disable_token(token: str, *, max_age: timedelta) -> int | None:
    """Return whose account a token disables; None if it is not ours or is too old."""
    try:
        user_id = signing.loads(token, salt=_SALT, max_age=max_age)
    except signing.BadSignature:
        return None
    return user_id if isinstance(user_id, int) else None


def may_be_disabled(user_id: int) -> bool:
    """Return whether there is an account that is not closed; frozen again is frozen still."""
    return Account.objects.filter(user_id=user_id).exclude(status=Account.Status.CLOSED).exists()
