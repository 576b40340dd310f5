"""See that a new address or number is the person's, before it may become theirs."""

from datetime import datetime
from uuid import UUID

from mooring.accounts.models import Channel, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes
from mooring.accounts.proofs.codes import CodeVerdict, CodeView, Purpose
from mooring.kernel import db


@db.transaction
def send_contact_code(
    *, user_id: int, channel: Channel, to: str, origin: Origin, at: datetime
) -> UUID:
    """
    Send a code to an address or number that a person wants to be reached by.

    Where it is somebody's already, the same is written and nothing is sent: who asks learns
    nothing, and who has it is not disturbed.

    Args:
        to: canonical.
        at: platform time, for the message.

    Returns:
        The id of the code.
    """
    whose = {"email": to} if channel == Channel.EMAIL else {"phone": to}
    is_free = not User.objects.filter(**whose).exists()
    issued = codes.issue(
        purpose=Purpose.NEW_CONTACT,
        channel=channel,
        to=to,
        user_id=user_id,
        origin=origin,
        at=at,
        binding=binding_of(origin),
        is_delivered=is_free,
        is_right=is_free,
    )
    return issued.id


@db.transaction
def check_contact_code(code_id: UUID, text: str, *, user_id: int, origin: Origin) -> CodeVerdict:
    """
    Try the code that was sent to a new address or number; right once, and in this session only.

    Take a budget from the throttle before this.
    """
    return codes.check(
        code_id,
        text,
        purpose=Purpose.NEW_CONTACT,
        user_id=user_id,
        wall=origin.wall,
        binding=binding_of(origin),
    )


def find_contact_code(code_id: UUID, *, user_id: int, origin: Origin) -> CodeView | None:
    """Return the code that was sent in this session to a new address or number; None if none."""
    found = codes.find_code(code_id, purpose=Purpose.NEW_CONTACT)
    if found is None or (found.user_id, found.binding) != (user_id, binding_of(origin)):
        return None
    return found


def binding_of(origin: Origin) -> str:
    """Return what such a code belongs to: the log-in in which it was asked for."""
    return f"session:{origin.session_id}"
