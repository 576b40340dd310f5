"""Take the proofs that a step-up asks for, one after the other."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.hashers import check_password

from mooring.accounts import events
from mooring.accounts.models import Account, StepUp, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import factors, step_up
from mooring.accounts.proofs.codes import Purpose
from mooring.accounts.protection.holds import Cause, begin_hold
from mooring.kernel import db


class ProofVerdict(StrEnum):
    """What a try at a step-up comes to."""

    PROVEN = "proven"
    PASSWORD_MISSING = "password_missing"  # noqa: S105 - a verdict
    PASSWORD_WRONG = "password_wrong"  # noqa: S105 - a verdict
    FACTOR_MISSING = "factor_missing"
    FACTOR_WRONG = "factor_wrong"
    #: Expired, proven or spent, or its session has ended.
    OVER = "over"


@db.transaction
def accept_password(
    step_up_id: UUID, password: str, *, user_id: int, origin: Origin, at: datetime
) -> ProofVerdict:
    """
    Check the password, and remember in the step-up that it was right.

    Take a budget from the throttle before this.

    Returns:
        `PASSWORD_WRONG`, `OVER`, `FACTOR_MISSING`, or `PROVEN` where nothing more is asked for.
    """
    row = step_up.lock(step_up_id, user_id=user_id, session_id=origin.session_id)
    if row is None or step_up.is_over(row, wall=origin.wall):
        return ProofVerdict.OVER
    kept = User.objects.values_list("password", flat=True).get(id=user_id)
    if not check_password(password, kept):
        _record_refusal(row, "password", origin=origin, at=at)
        return ProofVerdict.PASSWORD_WRONG
    row.password_at = origin.wall
    row.save(update_fields=["password_at"])
    if step_up.requirement_of(row).needs_factor:
        return ProofVerdict.FACTOR_MISSING
    return _proven(row, origin=origin, at=at)


@db.transaction
def accept_factor(
    step_up_id: UUID,
    proof: factors.FactorProof,
    *,
    user_id: int,
    origin: Origin,
    at: datetime,
) -> ProofVerdict:
    """
    Check a second factor; with it a step-up is proven.

    The password comes first where one is asked for: no factor is looked at, let alone spent,
    for somebody who has not given it. A factor below the best one is taken, and withdrawals are
    held from here on: before anything can be carried out with it.

    Take a budget from the throttle before this.

    Returns:
        `PASSWORD_MISSING`, `FACTOR_WRONG`, `OVER` or `PROVEN`.
    """
    row = step_up.lock(step_up_id, user_id=user_id, session_id=origin.session_id)
    if row is None or step_up.is_over(row, wall=origin.wall):
        return ProofVerdict.OVER
    if step_up.requirement_of(row).needs_password and row.password_at is None:
        return ProofVerdict.PASSWORD_MISSING
    verdict = factors.check_factor(
        user_id=user_id,
        proof=proof,
        purpose=Purpose.STEP_UP,
        binding=str(row.id),
        origin=origin,
        at=at,
    )
    if not verdict.is_right or verdict.factor is None:
        _record_refusal(row, str(verdict.factor or ""), origin=origin, at=at)
        return ProofVerdict.FACTOR_WRONG
    row.factor_at, row.factor = origin.wall, verdict.factor
    row.is_downgrade = verdict.is_downgrade
    if row.is_downgrade:
        _hold(user_id, origin=origin, at=at)
    return _proven(row, origin=origin, at=at)


def _proven(row: StepUp, *, origin: Origin, at: datetime) -> ProofVerdict:
    row.proven_at = origin.wall
    row.save(update_fields=["factor_at", "factor", "is_downgrade", "proven_at"])
    details = {"action": row.action, "factor": row.factor}
    events.record(
        events.Kind.STEP_UP_PROVEN, user_id=row.user_id, origin=origin, at=at, details=details
    )
    return ProofVerdict.PROVEN


def _hold(user_id: int, *, origin: Origin, at: datetime) -> None:
    account_id = Account.objects.filter(user_id=user_id).values_list("id", flat=True).first()
    if account_id is not None:
        begin_hold(account_id, Cause.LOWER_FACTOR, at=at, origin=origin)


def _record_refusal(row: StepUp, proof: str, *, origin: Origin, at: datetime) -> None:
    events.record(
        events.Kind.CODE_REFUSED,
        user_id=row.user_id,
        origin=origin,
        at=at,
        details={"action": row.action, "proof": proof},
    )
