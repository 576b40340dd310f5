"""
Proving a step-up: each part is counted before it is looked at, then checked and committed.

Not an action itself: what was tried must stay counted whatever becomes of the rest, so that the
budget, the password and the factor are a transaction each.
"""

from datetime import datetime
from uuid import UUID

from mooring.accounts import step_up
from mooring.accounts.actions.prove_step_up import ProofVerdict, accept_factor, accept_password
from mooring.accounts.factors import FactorProof, PasskeyProof
from mooring.accounts.origin import Origin


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
    if not isinstance(proof, PasskeyProof) and not _may_try_code(user_id, origin):
        return ProofVerdict.FACTOR_WRONG
    return accept_factor(step_up_id, proof, user_id=user_id, origin=origin, at=at)


def _give_password(
    step_up_id: UUID, password: str, *, user_id: int, origin: Origin, at: datetime
) -> ProofVerdict:
    if not password:
        return ProofVerdict.PASSWORD_MISSING
    if not _may_try_password(user_id, origin):
        return ProofVerdict.PASSWORD_WRONG
    return accept_password(step_up_id, password, user_id=user_id, origin=origin, at=at)


def _may_try_password(_user_id: int, _origin: Origin) -> bool:
    return True


def _may_try_code(_user_id: int, _origin: Origin) -> bool:
    return True
