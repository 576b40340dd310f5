"""Take the second factor of a pending log-in."""

from datetime import datetime

from mooring.accounts import events
from mooring.accounts.locks import lock_open
from mooring.accounts.models import Account
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import factors
from mooring.accounts.proofs.codes import Purpose
from mooring.accounts.proofs.factors import FactorProof, FactorVerdict
from mooring.accounts.protection.holds import Cause, begin_hold
from mooring.kernel import db


@db.transaction
def prove_log_in(
    *, user_id: int, proof: FactorProof, binding: str, origin: Origin, at: datetime
) -> FactorVerdict:
    """
    Check the second factor of a log-in whose password was right.

    A factor below the best one is taken, and withdrawals are held from here on. An account that
    was disabled in the meantime lets nobody in. Take a budget from the throttle before this.

    Args:
        binding: the pending log-in.
        at: platform time, UTC.
    """
    account_id = Account.objects.filter(user_id=user_id).values_list("id", flat=True).first()
    if account_id is not None and not lock_open([account_id]):
        return FactorVerdict(is_right=False, factor=None)
    verdict = factors.check_factor(
        user_id=user_id,
        proof=proof,
        purpose=Purpose.LOG_IN,
        binding=binding,
        origin=origin,
        at=at,
    )
    if verdict.is_downgrade and account_id is not None:
        begin_hold(account_id, Cause.LOWER_FACTOR, at=at, origin=origin)
    if not verdict.is_right:
        events.record(
            events.Kind.CODE_REFUSED,
            user_id=user_id,
            origin=origin,
            at=at,
            details={"action": "log_in", "proof": str(verdict.factor or "")},
        )
    return verdict
