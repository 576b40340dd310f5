"""Call a passkey something else."""

from uuid import UUID

from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_person
from mooring.accounts.proofs import passkeys, step_up
from mooring.accounts.proofs.errors import FactorNotFound
from mooring.kernel import db

ACTION = "factor.rename_passkey"


@db.transaction
def rename_passkey(*, account_id: int, step_up_id: UUID, origin: Origin) -> None:
    """
    Call a passkey what was confirmed.

    Args:
        step_up_id: its data are `id`, the passkey, and `name`.

    Raises:
        AccountNotOpen, StepUpNotProven.
        FactorNotFound: the person has no such passkey.
    """
    person = lock_person(account_id)
    data = step_up.spend(
        step_up_id,
        action=ACTION,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )
    if not passkeys.rename(int(data["id"]), user_id=person.pk, name=data["name"]):
        raise FactorNotFound
