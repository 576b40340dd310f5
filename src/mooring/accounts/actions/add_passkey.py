"""Add a passkey to a person's factors."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator

from mooring.accounts import policies as account_policies
from mooring.accounts.models import User
from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_person
from mooring.accounts.proofs import factor_changes, passkeys, step_up
from mooring.accounts.proofs.errors import FactorExists, TooManyPasskeys
from mooring.kernel import db
from mooring.policies import api as policies

ACTION = "factor.add_passkey"


@db.transaction
def add_passkey(
    *, account_id: int, step_up_id: UUID, origin: Origin, at: datetime
) -> tuple[str, ...]:
    """
    Add the passkey that answered, and let withdrawals wait.

    Args:
        step_up_id: its datum `credential` is an answer that `passkeys.check_registration`
            accepted, as JSON; `name` is what the person calls it.
        at: platform time, UTC.

    Returns:
        Recovery codes to be shown once, where this is the first strong factor.

    Raises:
        AccountNotOpen, StepUpNotProven.
        FactorExists: this very passkey is there already.
        TooManyPasskeys: the person has as many as the policy allows.
    """
    person = lock_person(account_id)
    data = step_up.spend(
        step_up_id,
        action=ACTION,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )
    _save(person, data["name"], json.loads(data["credential"]), origin=origin, at=at)
    factor_changes.note_added(
        account_id=account_id,
        user_id=person.pk,
        details={"factor": "passkey", "name": data["name"]},
        origin=origin,
        at=at,
    )
    return factor_changes.with_first_recovery_codes(user_id=person.pk, origin=origin, at=at)


def _save(
    person: User, name: str, credential: Mapping[str, Any], *, origin: Origin, at: datetime
) -> None:
    made = passkeys.read_credential(credential)
    known = passkeys.credential_ids(person.pk)
    maximum = policies.in_force(at=at)[account_policies.PASSKEYS_MAX]
    if made.credential_id in known:
        raise FactorExists
    if len(known) >= maximum:
        raise TooManyPasskeys(maximum=maximum)
    Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": name, "credential": credential, "sign_count": made.sign_count},
        created_at=origin.wall,
    )
