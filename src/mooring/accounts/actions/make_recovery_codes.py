"""Make new recovery codes."""

from datetime import datetime
from uuid import UUID

from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_person
from mooring.accounts.proofs import factor_changes, step_up
from mooring.accounts.proofs.errors import StrongFactorMissing
from mooring.accounts.proofs.factors import STRONG, list_factors
from mooring.accounts.protection.holds import Cause, begin_hold
from mooring.kernel import db

ACTION = "factor.make_recovery_codes"


@db.transaction
def make_recovery_codes(
    *, account_id: int, step_up_id: UUID, origin: Origin, at: datetime
) -> tuple[str, ...]:
    """
    Make ten new recovery codes, end those from before and other log-ins, and let withdrawals wait.

    Args:
        at: platform time, UTC.

    Returns:
        The codes, to be shown once.

    Raises:
        AccountNotOpen, StepUpNotProven.
        StrongFactorMissing: there is nothing that they would stand in for.
    """
    person = lock_person(account_id)
    step_up.spend(
        step_up_id,
        action=ACTION,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )
    if not any(view.factor in STRONG for view in list_factors(person.pk)):
        raise StrongFactorMissing
    held_until = begin_hold(account_id, Cause.FACTOR_ADDED, at=at, origin=origin)
    factor_changes.end_what_else_is_open(person.pk, origin=origin)
    return factor_changes.new_recovery_codes(
        user_id=person.pk, origin=origin, at=at, held_until=held_until
    )
