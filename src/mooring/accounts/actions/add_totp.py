"""Add an authenticator app to a person's factors."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_person
from mooring.accounts.proofs import factor_changes, step_up
from mooring.accounts.proofs.errors import FactorExists
from mooring.kernel import db

ACTION = "factor.add_totp"


@db.transaction
def add_totp(*, account_id: int, step_up_id: UUID, origin: Origin, at: datetime) -> tuple[str, ...]:
    """
    Add the authenticator app whose secret was confirmed, and let withdrawals wait.

    Args:
        step_up_id: its datum `secret` is the secret, sealed for its person.
        at: platform time, UTC.

    Returns:
        Recovery codes to be shown once, where this is the first strong factor.

    Raises:
        AccountNotOpen, StepUpNotProven.
        FactorExists: there is an app already.
    """
    person = lock_person(account_id)
    data = step_up.spend(
        step_up_id,
        action=ACTION,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )
    if Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
        raise FactorExists
    Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.TOTP,
        data={"secret": data["secret"]},
        created_at=origin.wall,
    )
    factor_changes.note_added(
        account_id=account_id,
        user_id=person.pk,
        details={"factor": "totp"},
        origin=origin,
        at=at,
    )
    return factor_changes.with_first_recovery_codes(user_id=person.pk, origin=origin, at=at)
