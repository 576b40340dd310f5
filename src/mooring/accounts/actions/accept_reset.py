"""Take the code or the link that opens the way to a new password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from mooring.accounts import codes
from mooring.accounts.codes import CodeVerdict, Purpose
from mooring.accounts.models import Code
from mooring.accounts.origin import Origin
from mooring.accounts.reset_grants import PROVEN
from mooring.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a try comes to; `grant_id` where it was right."""

    verdict: CodeVerdict
    grant_id: UUID | None = None


@db.transaction
def accept_reset_code(*, code_id: UUID, text: str, origin: Origin) -> Accepted:
    """
    Try a code for a new password. Take a budget from the throttle before this.

    Args:
        text: as typed.
    """
    found = codes.find_code(code_id, purpose=Purpose.PASSWORD_RESET)
    verdict = codes.check(
        code_id,
        text,
        purpose=Purpose.PASSWORD_RESET,
        user_id=found.user_id if found else None,
        wall=origin.wall,
    )
    if found is None or found.user_id is None or verdict is not CodeVerdict.RIGHT:
        return Accepted(verdict=verdict)
    grant_id = _grant(found.user_id, found.channel, found.sent_to, origin.wall)
    return Accepted(verdict=verdict, grant_id=grant_id)


@db.transaction
def accept_reset_link(*, token: str, origin: Origin) -> Accepted:
    """Spend the link of a message that sets a new password."""
    row = codes.check_link(token, purpose=Purpose.PASSWORD_RESET, wall=origin.wall)
    if row is None or row.user_id is None:
        return Accepted(verdict=CodeVerdict.SPENT_OR_EXPIRED)
    grant_id = _grant(row.user_id, row.channel, row.sent_to, origin.wall)
    return Accepted(verdict=CodeVerdict.RIGHT, grant_id=grant_id)


def _grant(user_id: int, channel: str, sent_to: str, wall: datetime) -> UUID:
    """Write down that somebody has read the message: good for one new password."""
    return Code.objects.create(
        id=uuid4(),
        user_id=user_id,
        purpose=Purpose.PASSWORD_RESET,
        channel=channel,
        sent_to=sent_to,
        binding=PROVEN,
        issued_at=wall,
        expires_at=wall + codes.LIFETIME,
    ).pk
