"""
The steps that lead to a recovery, each counted before anything is looked at.

Whoever asks gets one answer, whether there is such an account, it is closed, or a budget is used
up. Not an action itself: what was tried stays counted whatever becomes of the rest.
"""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password

from mooring.accounts.actions.prove_recovery import (
    check_recovery_code,
    check_recovery_password,
    follow_recovery_link,
    send_recovery_code,
)
from mooring.accounts.entrance import throttle
from mooring.accounts.entrance.errors import PasswordsUsedUp
from mooring.accounts.entrance.identifiers import Identifier
from mooring.accounts.entrance.standings import find_standing
from mooring.accounts.models import Channel, Code, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes
from mooring.accounts.protection.recovery import (
    Kind,
    RecoveryProof,
    find_recovery_state,
    is_fresh,
)
from mooring.accounts.protection.recovery_errors import (
    RecoveryNotApproved,
    RecoveryNotFound,
    RecoveryNotReady,
)

_FLOW: Final = "recovery"


def ask(identifier: Identifier, *, origin: Origin, at: datetime) -> UUID:
    """
    Send a code to whom an identifier belongs, and return the id under which it is typed.

    With the budget used up nothing is sent, and the id is that of no code.

    Args:
        origin: its device is the one that is confirmed for this identifier, if any.
    """
    budgets = throttle.message_budgets(identifier.value, origin.ip, origin.device_id, flow=_FLOW)
    if not throttle.take(*budgets, wall=origin.wall, at=at):
        return uuid4()
    return send_recovery_code(identifier, origin=origin, at=at)


def give_code(code_id: UUID, text: str, *, origin: Origin, at: datetime) -> RecoveryProof | None:
    """Try a code; return the proof, or None: wrong, spent, too old, too often, of nobody."""
    found = codes.find_code(code_id, purpose=Code.Purpose.RECOVERY)
    channel = Channel(found.channel) if found is not None else Channel.EMAIL
    sent_to = found.sent_to if found is not None else str(code_id)
    user_id = find_standing(Identifier(channel, sent_to)).user_id
    budgets = throttle.code_budgets(
        user_id or None, origin.ip, None, sent_to=sent_to, is_proven=False
    )
    may_try = throttle.take(*budgets, wall=origin.wall, at=at)
    typed = text if may_try else ""
    return check_recovery_code(code_id, typed, about=(user_id, sent_to), origin=origin, at=at)


def follow_link(token: str, *, origin: Origin) -> RecoveryProof | None:
    """Spend the link of a mail; return the proof, or None where it opens nothing."""
    return follow_recovery_link(token, origin=origin)


def give_password(
    proof: RecoveryProof, password: str, *, origin: Origin, at: datetime
) -> RecoveryProof | None:
    """Try the password; return the proof with it, or None: wrong, too often, or too late."""
    budgets = throttle.password_budgets(
        throttle.name_of(proof.user_id), origin.ip, origin.device_id
    )
    if not is_fresh(proof, wall=origin.wall):
        return None
    if not throttle.take(*budgets, wall=origin.wall, at=at):
        return None
    return check_recovery_password(proof, password, origin=origin, at=at)


def new_password_hash(proof: RecoveryProof, password: str, *, origin: Origin, at: datetime) -> str:
    """
    Return the hash of the password that a reopened account gets.

    Nothing is hashed before the account can be opened, and each hash is counted.

    Args:
        at: platform time, UTC.

    Raises:
        RecoveryNotProven, RecoveryNotFound, RecoveryNotApproved, RecoveryNotReady.
        ValidationError: it breaks a rule for passwords; Django's, with sentences for people.
        PasswordsUsedUp: passwords were tried too often in the last hour.
    """
    _check_ready(proof, wall=origin.wall, at=at)
    validate_password(password, User.objects.filter(id=proof.user_id).first())
    name = throttle.name_of(proof.user_id)
    budgets = throttle.password_budgets(name, origin.ip, origin.device_id)
    if not throttle.take(*budgets, wall=origin.wall, at=at):
        raise PasswordsUsedUp
    return make_password(password)


def _check_ready(proof: RecoveryProof, *, wall: datetime, at: datetime) -> None:
    """Refuse what the opening itself refuses, in its order; it looks again under its locks."""
    state = find_recovery_state(proof, wall=wall, at=at)
    if state.kind is not Kind.DISABLED or state.ready_at is None:
        raise RecoveryNotFound
    if not state.is_approved:
        raise RecoveryNotApproved
    if not state.is_ready:
        raise RecoveryNotReady(ready_at=state.ready_at)
