"""
Proving a step-up: each part is counted before it is looked at, then checked and committed.

Not an action itself: what was tried must stay counted whatever becomes of the rest, so that the
budget, the password and the factor are a transaction each.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from mooring.accounts.actions.confirm_new_contact import check_contact_code, send_contact_code
from mooring.accounts.actions.prove_step_up import ProofVerdict, accept_factor, accept_password
from mooring.accounts.actions.send_step_up_code import send_step_up_code
from mooring.accounts.entrance import throttle
from mooring.accounts.models import Channel
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import step_up
from mooring.accounts.proofs.codes import CodeVerdict
from mooring.accounts.proofs.factors import Factor, FactorProof, PasskeyProof, contact_of

_STEP_UP: Final = "step_up"
_CONTACT: Final = "contact"


def prove(
    step_up_id: UUID,
    *,
    user_id: int,
    password: str,
    proof: FactorProof | None,
    origin: Origin,
    at: datetime,
) -> ProofVerdict:
    """
    Take what a person gives to prove a step-up: the password, a factor, or both.

    A password that was right is remembered, so that only the code need be typed again. Where a
    budget is used up the answer is that of a wrong proof.

    Args:
        password: as typed; empty: not given.
        proof: None: not given.

    Raises:
        StepUpNotFound: absent, another person's, or of another session.
    """
    found = step_up.view(
        step_up_id, user_id=user_id, session_id=origin.session_id, wall=origin.wall
    )
    if found.is_over:
        return ProofVerdict.OVER
    if found.needs_password:
        verdict = _give_password(step_up_id, password, user_id=user_id, origin=origin, at=at)
        if verdict is not ProofVerdict.FACTOR_MISSING:
            return verdict
    if proof is None:
        return ProofVerdict.FACTOR_MISSING
    if not isinstance(proof, PasskeyProof) and not may_try_code(user_id, origin, at=at):
        return ProofVerdict.FACTOR_WRONG
    return accept_factor(step_up_id, proof, user_id=user_id, origin=origin, at=at)


def try_contact_code(
    code_id: UUID, text: str, *, user_id: int, origin: Origin, at: datetime
) -> bool:
    """Return whether a text is the code that was sent to a new address or number, once."""
    if not may_try_code(user_id, origin, at=at):
        return False
    verdict = check_contact_code(code_id, text, user_id=user_id, origin=origin)
    return verdict is CodeVerdict.RIGHT


def _give_password(
    step_up_id: UUID, password: str, *, user_id: int, origin: Origin, at: datetime
) -> ProofVerdict:
    if not password:
        return ProofVerdict.PASSWORD_MISSING
    if not may_try_password(user_id, origin, at=at):
        return ProofVerdict.PASSWORD_WRONG
    return accept_password(step_up_id, password, user_id=user_id, origin=origin, at=at)


def send_code(
    step_up_id: UUID, factor: Factor, *, user_id: int, origin: Origin, at: datetime
) -> bool:
    """
    Send a code that proves a step-up; return whether one is on its way.

    Raises:
        StepUpNotFound: absent, another person's, or of another session.
    """
    to = contact_of(user_id, factor)
    return _may_send(to, origin, flow=_STEP_UP, at=at) and send_step_up_code(
        step_up_id, factor, user_id=user_id, origin=origin, at=at
    )


def ask_new_contact(
    *, user_id: int, channel: Channel, to: str, origin: Origin, at: datetime
) -> UUID | None:
    """Send a code to a new address or number; return its id, or None where that was too often."""
    if not _may_send(to, origin, flow=_CONTACT, at=at):
        return None
    return send_contact_code(user_id=user_id, channel=channel, to=to, origin=origin, at=at)


def may_try_password(user_id: int, origin: Origin, *, at: datetime) -> bool:
    """Take one try at a person's password from the budgets; return whether there was one."""
    budgets = throttle.password_budgets(throttle.name_of(user_id), origin.ip, origin.device_id)
    of_session = throttle.session_password_budgets(origin.session_id)
    return throttle.take(*budgets, *of_session, wall=origin.wall, at=at)


def may_try_code(user_id: int, origin: Origin, *, at: datetime) -> bool:
    """Take one try at a code from a person's budgets; return whether there was one."""
    budgets = throttle.code_budgets(user_id, origin.ip, origin.device_id)
    of_session = throttle.session_code_budgets(origin.session_id)
    return throttle.take(*budgets, *of_session, wall=origin.wall, at=at)


def _may_send(to: str, origin: Origin, *, flow: str, at: datetime) -> bool:
    budgets = throttle.message_budgets(to, origin.ip, origin.device_id, flow=flow)
    return throttle.take(*budgets, wall=origin.wall, at=at)
