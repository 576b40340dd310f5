"""Send what opens the way to a new password."""

from datetime import datetime

from mooring.accounts.entrance import noted_tries
from mooring.accounts.entrance.identifiers import Identifier
from mooring.accounts.entrance.standings import find_standing
from mooring.accounts.events import Kind
from mooring.accounts.models import Channel
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes
from mooring.accounts.proofs.codes import IssuedCode, Purpose
from mooring.kernel import db


@db.transaction
def ask_reset(*, identifier: Identifier, origin: Origin, at: datetime) -> IssuedCode:
    """
    Send a code, and by mail a link, with which the owner of an address sets a new password.

    Where nobody has the address, or the account is not open, the same rows are written, nothing
    is sent, and no code is right.

    Args:
        at: platform time, UTC.
    """
    standing = find_standing(identifier)
    noted_tries.note(
        Kind.RESET_ASKED, identifier.value, about=standing.user_id, origin=origin, at=at
    )
    return codes.issue(
        purpose=Purpose.PASSWORD_RESET,
        channel=identifier.channel,
        to=identifier.value,
        # Whose it is, is looked up when it is right: a row that names its person costs more.
        user_id=None,
        about_user_id=standing.user_id or None,
        origin=origin,
        at=at,
        # Whoever uses up the tries at the code cannot use up the link.
        with_link=identifier.channel is Channel.EMAIL,
        is_right=standing.may_enter,
        is_delivered=standing.may_enter,
    )
