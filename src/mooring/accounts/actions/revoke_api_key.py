"""Revoke a key of programs."""

from datetime import datetime

from mooring.accounts.keys.api_keys import end_api_key
from mooring.accounts.keys.errors import ApiKeyNotFound
from mooring.accounts.locks import lock_not_closed
from mooring.accounts.origin import Origin
from mooring.kernel import db


@db.transaction
def revoke_api_key(*, account_id: int, key_id: int, origin: Origin | None, at: datetime) -> None:
    """
    End a key for good, from this moment on. Needs no fresh proof: it only protects.

    Args:
        origin: where the request came from; None for an operator.
        at: platform time, UTC.

    Raises:
        ApiKeyNotFound: absent, ended already, or another account's.
    """
    if account_id not in lock_not_closed([account_id]):
        raise ApiKeyNotFound
    end_api_key(account_id, key_id, origin=origin, at=at)
