"""Take the code or the link that opens the way to a new password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from mooring.accounts.entrance import noted_tries
from mooring.accounts.entrance.identifiers import Identifier
from mooring.accounts.entrance.reset_grants import PROVEN
from mooring.accounts.entrance.standings import find_standing
from mooring.accounts.events import Kind
from mooring.accounts.models import Channel, Code
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes
from mooring.accounts.proofs.codes import CodeVerdict, CodeView, Purpose
from mooring.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a try comes to; `grant_id` where it was right."""

    verdict: CodeVerdict
    grant_id: UUID | None = None


@db.transaction
def accept_reset_code(
    *, code: CodeView, text: str, about: int, origin: Origin, at: datetime
) -> Accepted:
    """
    Try a code for a new password; note one that is wrong.

    Take a budget from the throttle before this.

    Args:
        text: as typed.
        about: the log-in that has the address it was sent to; 0: nobody's.
        at: platform time, UTC.
    """
    verdict = codes.check(
        code.id, text, purpose=Purpose.PASSWORD_RESET, user_id=None, wall=origin.wall
    )
    if verdict is not CodeVerdict.RIGHT:
        noted_tries.note(Kind.RESET_REFUSED, code.sent_to, about=about, origin=origin, at=at)
        return Accepted(verdict=verdict)
    return _accepted(Code.objects.get(id=code.id), wall=origin.wall)


@db.transaction
def accept_reset_link(*, token: str, origin: Origin) -> Accepted:
    """Spend the link of a message that sets a new password."""
    row = codes.check_link(token, purpose=Purpose.PASSWORD_RESET, wall=origin.wall)
    if row is None:
        return Accepted(verdict=CodeVerdict.SPENT_OR_EXPIRED)
    return _accepted(row, wall=origin.wall)


def _accepted(row: Code, *, wall: datetime) -> Accepted:
    """
    Write down that somebody has read the message: good for one new password.

    It is the password of who has the address now, if they may log in.
    """
    standing = find_standing(Identifier(Channel(row.channel), row.sent_to))
    if not standing.may_enter:
        return Accepted(verdict=CodeVerdict.SPENT_OR_EXPIRED)
    grant = Code.objects.create(
        id=uuid4(),
        user_id=standing.user_id,
        purpose=Purpose.PASSWORD_RESET,
        channel=row.channel,
        sent_to=row.sent_to,
        binding=PROVEN,
        issued_at=wall,
        expires_at=wall + codes.LIFETIME,
    )
    return Accepted(verdict=CodeVerdict.RIGHT, grant_id=grant.pk)
