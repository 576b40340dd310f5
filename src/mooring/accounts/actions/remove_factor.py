"""Remove an authenticator app or a passkey."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from mooring.accounts.models import StepUp
from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_person
from mooring.accounts.proofs import factor_changes, step_up
from mooring.accounts.proofs.errors import FactorNotFound, StrongerProofNeeded
from mooring.accounts.proofs.factors import STRONG, Factor, list_factors
from mooring.accounts.rules.factors import may_remove
from mooring.kernel import db

ACTION = "factor.remove"


@db.transaction
def remove_factor(*, account_id: int, step_up_id: UUID, origin: Origin, at: datetime) -> None:
    """
    Remove what was confirmed, end every other log-in, and let withdrawals wait.

    With the last strong factor the recovery codes go: they stand in for one.

    Args:
        step_up_id: its datum `id` is the row of the factor.
        at: platform time, UTC.

    Raises:
        AccountNotOpen, StepUpNotProven.
        FactorNotFound: the person has no such factor.
        StrongerProofNeeded: it is the last strong factor, and a code that we sent was given.
    """
    person = lock_person(account_id)
    data = step_up.spend(
        step_up_id,
        action=ACTION,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )
    strong = [view for view in list_factors(person.pk) if view.factor in STRONG]
    found = next((view for view in strong if str(view.id) == data["id"]), None)
    if found is None:
        raise FactorNotFound
    is_last = len(strong) == 1
    proven_with = StepUp.objects.values_list("factor", flat=True).get(id=step_up_id)
    if not may_remove(is_last_strong=is_last, proven_with=Factor(proven_with)):
        raise StrongerProofNeeded
    Authenticator.objects.filter(id=found.id, user=person).delete()
    if is_last:
        Authenticator.objects.filter(user=person).delete()
    factor_changes.note_removed(
        account_id=account_id,
        user_id=person.pk,
        details={"factor": found.factor.value, **({"name": found.name} if found.name else {})},
        origin=origin,
        at=at,
    )
