"""
The steps of a sign-up, each counted before anything is done for it.

Not actions themselves: what was tried stays counted whatever becomes of the rest, and a password
is hashed before the transaction that keeps it.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password

from mooring.accounts.actions import begin_sign_up as actions
from mooring.accounts.actions.sign_up import SignedUp, sign_up
from mooring.accounts.entrance import throttle
from mooring.accounts.entrance.errors import EntranceBusy, MessagesUsedUp
from mooring.accounts.entrance.hashing_room import STRANGERS, aside
from mooring.accounts.entrance.identifiers import Identifier
from mooring.accounts.models import Channel, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs.codes import CodeView, Purpose, find_code

_FLOW: Final = "sign_up"


def check_password_for(password: str, identifier: Identifier) -> None:
    """
    Refuse a password that the owner of an address should not choose.

    Raises:
        ValidationError: with a sentence for people about each rule that it breaks.
    """
    is_email = identifier.channel is Channel.EMAIL
    person = User(email=identifier.value) if is_email else User(phone=identifier.value)
    validate_password(password, person)


def begin_sign_up(
    *, identifier: Identifier, password: str, terms_version: str, origin: Origin, at: datetime
) -> UUID:
    """
    Begin a sign-up, and return which code it waits for.

    Args:
        password: checked already, as typed.
        at: platform time, UTC.

    Raises:
        MessagesUsedUp: too many codes were asked for, for this address or from this network.
        EntranceBusy: too many people come at once.
    """
    _take_message(identifier.value, origin, at=at)
    with STRANGERS.turn() as has_turn:
        if not has_turn:
            raise EntranceBusy
        password_hash = aside(make_password, password)
    issued = actions.begin_sign_up(
        identifier=identifier,
        password_hash=password_hash,
        terms_version=terms_version,
        origin=origin,
        at=at,
    )
    return issued.id


def resend_sign_up(code_id: UUID, *, origin: Origin, at: datetime) -> UUID | None:
    """
    Send another code for a sign-up, and return which it is; None: there is none to send for.

    Args:
        at: platform time, UTC.

    Raises:
        MessagesUsedUp: too many codes were asked for, for this address or from this network.
    """
    waiting = find_sign_up(code_id)
    if waiting is None or waiting.is_spent:
        return None
    _take_message(waiting.sent_to, origin, at=at)
    issued = actions.resend_sign_up(code_id, origin=origin, at=at)
    return issued.id if issued is not None else None


def finish_sign_up(code_id: UUID, text: str, *, origin: Origin, at: datetime) -> SignedUp:
    """
    Try the code of a sign-up. With the budget used up, no code is right.

    Args:
        at: platform time, UTC.
    """
    waiting = find_sign_up(code_id)
    sent_to = waiting.sent_to if waiting is not None else str(code_id)
    budgets = throttle.try_budgets(sent_to, origin.ip)
    may_try = throttle.take(*budgets, wall=origin.wall, at=at)
    return sign_up(code_id=code_id, text=text if may_try else "", origin=origin, at=at)


def find_sign_up(code_id: UUID) -> CodeView | None:
    """Return the code that a sign-up waits for; None if there is no such sign-up."""
    return find_code(code_id, purpose=Purpose.SIGN_UP)


def _take_message(sent_to: str, origin: Origin, *, at: datetime) -> None:
    budgets = throttle.message_budgets(sent_to, origin.ip, None, flow=_FLOW)
    if not throttle.take(*budgets, wall=origin.wall, at=at):
        raise MessagesUsedUp
