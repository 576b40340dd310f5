"""
The steps to a new password, each counted before anything is looked at.

Not actions themselves: what was tried stays counted whatever becomes of the rest. Where a budget
of tries is used up, the same is done with a code that nobody typed: neither answer nor time tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password

from mooring.accounts.actions.accept_reset import Accepted, accept_reset_code, accept_reset_link
from mooring.accounts.actions.ask_reset import ask_reset as send_reset
from mooring.accounts.actions.reset_password import ResetVerdict, reset_password
from mooring.accounts.actions.send_reset_factor_code import send_reset_factor_code
from mooring.accounts.entrance import throttle
from mooring.accounts.entrance.errors import MessagesUsedUp, PasswordsUsedUp
from mooring.accounts.entrance.identifiers import Identifier
from mooring.accounts.entrance.reset_grants import find_grant, ways_beside
from mooring.accounts.entrance.standings import find_standing
from mooring.accounts.models import Channel, User
from mooring.accounts.origin import Origin
from mooring.accounts.presence import devices
from mooring.accounts.proofs import factors, passkeys
from mooring.accounts.proofs.codes import CodeVerdict, CodeView, Purpose, find_code
from mooring.accounts.proofs.factors import Factor, FactorProof, PasskeyProof

_FLOW: Final = "reset"
_FACTOR_FLOW: Final = "reset_factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetView:
    """
    A new password that may be set.

    Args:
        ways: the second factors that must be proven too, best first; none: none is needed.
    """

    grant_id: UUID
    user_id: int
    ways: tuple[Factor, ...]


def ask_reset(
    *, identifier: Identifier, tokens: Sequence[str], origin: Origin, at: datetime
) -> UUID:
    """
    Send what opens the way to a new password, and return which code it is.

    Args:
        tokens: the device tokens that the browser holds.
        at: platform time, UTC.

    Raises:
        MessagesUsedUp: too many codes were asked for, for this address or from this network.
    """
    user_id = find_standing(identifier).user_id
    device_id = devices.find_device_id(tokens, user_id=user_id)
    _take_message(identifier.value, origin, device_id, flow=_FLOW, at=at)
    return send_reset(identifier=identifier, origin=origin, at=at).id


def find_reset_code(code_id: UUID) -> CodeView | None:
    """Return the code that a new password waits for; None if there is none."""
    return find_code(code_id, purpose=Purpose.PASSWORD_RESET)


def try_reset_code(
    code_id: UUID, text: str, *, tokens: Sequence[str], origin: Origin, at: datetime
) -> Accepted:
    """
    Try the code that was sent.

    Args:
        text: as typed.
        tokens: the device tokens that the browser holds.
        at: platform time, UTC.
    """
    found = find_reset_code(code_id)
    if found is None:
        return Accepted(verdict=CodeVerdict.SPENT_OR_EXPIRED)
    user_id = find_standing(Identifier(Channel(found.channel), found.sent_to)).user_id
    device_id = devices.find_device_id(tokens, user_id=user_id)
    budgets = throttle.code_budgets(
        user_id or None, origin.ip, device_id, sent_to=found.sent_to, is_proven=False
    )
    may_try = throttle.take(*budgets, wall=origin.wall, at=at)
    typed = text if may_try else ""
    return accept_reset_code(code=found, text=typed, about=user_id, origin=origin, at=at)


def use_reset_link(token: str, *, origin: Origin) -> Accepted:
    """Take the link of the mail. It cannot be guessed, so that nothing limits it."""
    return accept_reset_link(token=token, origin=origin)


def find_reset(grant_id: UUID, *, wall: datetime) -> ResetView | None:
    """
    Return the new password that may be set; None if that is over.

    Args:
        wall: the real time, UTC.
    """
    grant = find_grant(grant_id, wall=wall)
    if grant is None or grant.user_id is None:
        return None
    return ResetView(grant_id=grant.pk, user_id=grant.user_id, ways=ways_beside(grant))


def ask_passkey(reset: ResetView, *, wall: datetime) -> passkeys.Challenge:
    """Ask one of the person's passkeys, for this new password only."""
    return passkeys.begin_check(
        user_id=reset.user_id,
        purpose=Purpose.PASSWORD_RESET,
        binding=str(reset.grant_id),
        wall=wall,
    )


def send_factor_code(
    reset: ResetView, factor: Factor, *, origin: Origin, at: datetime
) -> UUID | None:
    """
    Send the code of a second factor, and return which it is; None where that is over.

    Args:
        factor: `EMAIL` or `SMS`.
        at: platform time, UTC.

    Raises:
        MessagesUsedUp: too many codes were asked for, for this address or from this network.
    """
    to = factors.contact_of(reset.user_id, factor)
    _take_message(to, origin, None, flow=_FACTOR_FLOW, at=at)
    issued = send_reset_factor_code(reset.grant_id, factor, origin=origin, at=at)
    return issued.id if issued is not None else None


def finish_reset(
    reset: ResetView,
    password: str,
    proof: FactorProof | None,
    *,
    tokens: Sequence[str],
    origin: Origin,
    at: datetime,
) -> ResetVerdict:
    """
    Set the new password, with a second factor where the person has one.

    The password is checked first: one that cannot be taken uses up no proof. Whatever the proof
    is, a try is counted before the password is hashed.

    Args:
        tokens: the device tokens that the browser holds.
        at: platform time, UTC.

    Raises:
        ValidationError: the password breaks a rule; with sentences for people.
        PasswordsUsedUp: passwords were tried too often in the last hour.
    """
    validate_password(password, User.objects.get(id=reset.user_id))
    if reset.ways and proof is None:
        return ResetVerdict.FACTOR_MISSING
    device_id = devices.find_device_id(tokens, user_id=reset.user_id)
    if proof is not None and not isinstance(proof, PasskeyProof):
        budgets = throttle.code_budgets(reset.user_id, origin.ip, device_id)
        if not throttle.take(*budgets, wall=origin.wall, at=at):
            return ResetVerdict.FACTOR_WRONG
    name = throttle.name_of(reset.user_id)
    budgets = throttle.password_budgets(name, origin.ip, device_id)
    if not throttle.take(*budgets, wall=origin.wall, at=at):
        raise PasswordsUsedUp
    return reset_password(
        grant_id=reset.grant_id,
        password_hash=make_password(password),
        proof=proof,
        origin=origin,
        at=at,
    )


def _take_message(
    to: str, origin: Origin, device_id: int | None, *, flow: str, at: datetime
) -> None:
    budgets = throttle.message_budgets(to, origin.ip, device_id, flow=flow)
    if not throttle.take(*budgets, wall=origin.wall, at=at):
        raise MessagesUsedUp
