"""
Recovery codes: ten that a person keeps on paper, each good once, when the other factors are gone.

Shown when they are made and never again: only their hashes are kept, like those of passwords.
They lie in allauth's table, one row a person; whoever checks one locks the row.
"""

import secrets
from datetime import datetime
from typing import Final

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password

from mooring.accounts.proofs import codes
from mooring.kernel import db

COUNT: Final = 10
_DIGITS: Final = 10


@db.transaction_required
def make(*, user_id: int, wall: datetime) -> tuple[str, ...]:
    """Make ten new codes for a person and return them; those from before end."""
    made = tuple(f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}" for _ in range(COUNT))
    Authenticator.objects.update_or_create(
        user_id=user_id,
        type=Authenticator.Type.RECOVERY_CODES,
        defaults={
            "data": {"hashes": [make_password(code) for code in made]},
            "created_at": wall,
            "last_used_at": None,
        },
    )
    half = _DIGITS // 2
    return tuple(f"{code[:half]}-{code[half:]}" for code in made)


@db.transaction_required
def spend_code(*, user_id: int, text: str, wall: datetime) -> int | None:
    """
    Spend a code, and return how many are left; None if it is none of the person's.

    Args:
        text: as typed; blanks and dashes are forgiven.
        wall: the real time, UTC.
    """
    row = (
        Authenticator.objects.select_for_update(no_key=True)
        .filter(user_id=user_id, type=Authenticator.Type.RECOVERY_CODES)
        .first()
    )
    if row is None:
        return None
    typed, hashes = codes.normalized(text), row.data["hashes"]
    # All are compared, so that the time of an answer does not tell which.
    found = [kept for kept in hashes if check_password(typed, kept)]
    if not found:
        return None
    row.data["hashes"] = [kept for kept in hashes if kept not in found]
    row.last_used_at = wall
    row.save(update_fields=["data", "last_used_at"])
    return len(row.data["hashes"])


def count_left(row: Authenticator) -> int:
    """Return how many codes of a person's row are unused."""
    return len(row.data["hashes"])
