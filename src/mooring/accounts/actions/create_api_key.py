"""Make a key with which a program acts for a customer."""

from datetime import datetime
from typing import Final
from uuid import UUID

from mooring.accounts.errors import AccountNotOpen
from mooring.accounts.keys.api_keys import NewApiKey, make_api_key
from mooring.accounts.locks import lock_open
from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_person
from mooring.accounts.proofs import step_up
from mooring.accounts.rules.api_keys import KeyOrder, read_order
from mooring.kernel import db

CREATE_API_KEY: Final = "api_key.create"


@db.transaction
def create_api_key(*, account_id: int, step_up_id: UUID, origin: Origin, at: datetime) -> NewApiKey:
    """
    Make the key that was confirmed: label, type, rights and networks are those of the step-up.

    The secret of an HMAC key is in the answer and nowhere else; we keep it sealed.

    Args:
        at: platform time, UTC.

    Raises:
        AccountNotOpen: the account is disabled or closed.
        StepUpNotProven: there is no fresh proof for this.
        TooManyApiKeys: the account has as many as it may have.
        KeyOrderWrong: what was confirmed is no order; the form let nothing of the kind through.
    """
    person = lock_person(account_id)
    confirmed = step_up.spend(
        step_up_id,
        action=CREATE_API_KEY,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )
    return make_api_key(account_id, read_order(confirmed), origin=origin, at=at)


@db.transaction
def issue_api_key(*, account_id: int, order: KeyOrder, at: datetime) -> NewApiKey:
    """
    Make a key at an operator's word, from the machine itself; its person is told.

    Raises:
        AccountNotOpen: the account is absent, disabled or closed.
        TooManyApiKeys: the account has as many as it may have.
    """
    if account_id not in lock_open([account_id]):
        raise AccountNotOpen(account_id=account_id)
    return make_api_key(account_id, order, origin=None, at=at)
