"""
The right to set one new password, between reading the message and choosing the password.

A row among the codes, which no text opens: it ends like them, after ten minutes, once, and with
every other code of its person when their security changes.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from mooring.accounts.models import Code
from mooring.accounts.proofs.codes import Purpose

#: What a grant is bound to, and no code that was sent is.
PROVEN: Final = "proven"


def find_grant(grant_id: UUID, *, wall: datetime) -> Code | None:
    """Return a grant that is still good; None if there is none."""
    return Code.objects.filter(
        id=grant_id,
        purpose=Purpose.PASSWORD_RESET,
        binding=PROVEN,
        spent_at__isnull=True,
        expires_at__gt=wall,
    ).first()
