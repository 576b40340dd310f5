"""
The second factor at log-in: counted before it is looked at, then checked and committed.

Not an action itself: what was tried must stay counted whatever becomes of the rest.
"""

from datetime import datetime

from mooring.accounts.actions.prove_log_in import prove_log_in
from mooring.accounts.entrance import throttle
from mooring.accounts.origin import Origin
from mooring.accounts.proofs.factors import FactorProof, FactorVerdict, PasskeyProof


def check_log_in(
    *, user_id: int, proof: FactorProof, binding: str, origin: Origin, at: datetime
) -> FactorVerdict:
    """
    Check the second factor of a pending log-in; a used-up budget answers like a wrong code.

    A passkey's answer cannot be guessed and takes nothing from the budget of codes.

    Args:
        origin: its device is one that the person has confirmed, or None.
        at: platform time, UTC.
    """
    if not isinstance(proof, PasskeyProof):
        budgets = throttle.code_budgets(user_id, origin.ip, origin.device_id)
        if not throttle.take(*budgets, wall=origin.wall, at=at):
            return FactorVerdict(is_right=False, factor=None)
    return prove_log_in(user_id=user_id, proof=proof, binding=binding, origin=origin, at=at)
