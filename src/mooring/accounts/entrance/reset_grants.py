"""
The right to set one new password, between reading the message and choosing the password.

A row among the codes, which no text opens: it ends like them, after ten minutes, once, and with
every other code of its person when their security changes.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from mooring.accounts.models import Channel, Code
from mooring.accounts.proofs import factors
from mooring.accounts.proofs.codes import Purpose
from mooring.accounts.proofs.factors import Factor

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


def ways_beside(grant: Code) -> tuple[Factor, ...]:
    """
    Return the factors that prove a new password, beside what the grant itself was proven with.

    A second code to the same mailbox proves nothing more than the first did: it counts only where
    its person has no other way, and then withdrawals are held as after a recovery.
    Source: ASVS 6.4.3, a reset does not go round the second factor.
    """
    if grant.user_id is None or not factors.list_factors(grant.user_id):
        return ()
    ways = factors.usable_factors(grant.user_id)
    others = tuple(way for way in ways if way is not proven_by(grant))
    return others or ways


def proven_by(grant: Code) -> Factor:
    """Return the factor whose channel a grant was proven with."""
    return factors.OF_CHANNEL[Channel(grant.channel)]
