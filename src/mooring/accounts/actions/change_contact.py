"""Change, add or remove what a person is reached by: the e-mail address, the mobile number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError

from mooring.accounts import events
from mooring.accounts.errors import ContactTaken, LastContact
from mooring.accounts.models import Channel, CodeFactor, User
from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_person
from mooring.accounts.proofs import factor_changes, step_up
from mooring.accounts.proofs.factors import OF_CHANNEL
from mooring.accounts.protection.holds import Cause, begin_hold, facts_of
from mooring.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contact:
    """How a channel is called where it is kept, recorded and held."""

    action: str
    field: str
    kind: events.Kind
    cause: Cause


CONTACTS: Final = {
    Channel.EMAIL: _Contact(
        action="email.change",
        field="email",
        kind=events.Kind.EMAIL_CHANGED,
        cause=Cause.EMAIL_CHANGED,
    ),
    Channel.SMS: _Contact(
        action="phone.change",
        field="phone",
        kind=events.Kind.PHONE_CHANGED,
        cause=Cause.PHONE_CHANGED,
    ),
}
REMOVE: Final = "contact.remove"
_TAKEN: Final = frozenset({"accounts_user_email_unique", "accounts_user_phone_unique"})


@db.transaction
def change_contact(
    *, account_id: int, channel: Channel, step_up_id: UUID, origin: Origin, at: datetime
) -> None:
    """
    Reach a person at the address or number that was confirmed, instead of the one before.

    Both are told, the old one included; other log-ins and codes end, and withdrawals are held.

    Args:
        step_up_id: its datum `to` is the new address or number, canonical; a code that was sent
            there has been right before the step-up began.
        at: platform time, UTC.

    Raises:
        AccountNotOpen, StepUpNotProven.
        ContactTaken: somebody else has confirmed it meanwhile.
    """
    contact, person = CONTACTS[channel], lock_person(account_id)
    data = _spent(contact.action, person, step_up_id, origin)
    try:
        _set(person, channel, data["to"], origin=origin, at=at)
    except IntegrityError as error:
        if db.constraint_of(error) in _TAKEN:
            raise ContactTaken from error
        raise


@db.transaction
def remove_contact(*, account_id: int, step_up_id: UUID, origin: Origin, at: datetime) -> None:
    """
    Forget the address or number that was confirmed to be forgotten; not the last one.

    Where it was a second factor, it is none any more.

    Args:
        step_up_id: its datum `channel` is `EMAIL` or `SMS`.
        at: platform time, UTC.

    Raises:
        AccountNotOpen, StepUpNotProven.
        LastContact: the person could not be reached any more.
    """
    person = lock_person(account_id)
    data = _spent(REMOVE, person, step_up_id, origin)
    if not (person.email and person.phone):
        raise LastContact
    channel = Channel(data["channel"])
    _set(person, channel, None, origin=origin, at=at)
    removed, _by_model = CodeFactor.objects.filter(user_id=person.pk, channel=channel).delete()
    if removed:
        # Withdrawals wait because of the contact already, and for longer.
        events.record(
            events.Kind.FACTOR_REMOVED,
            user_id=person.pk,
            origin=origin,
            at=at,
            details={"factor": OF_CHANNEL[channel].value},
        )


def _spent(action: str, person: User, step_up_id: UUID, origin: Origin) -> dict[str, str]:
    return step_up.spend(
        step_up_id,
        action=action,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )


def _set(person: User, channel: Channel, to: str | None, *, origin: Origin, at: datetime) -> None:
    contact = CONTACTS[channel]
    old = getattr(person, contact.field) or ""
    setattr(person, contact.field, to)
    person.save(update_fields=[contact.field])
    factor_changes.end_what_else_is_open(person.pk, origin=origin)
    held_until = begin_hold(person.account.pk, contact.cause, at=at, origin=origin)
    changed = {f"old_{contact.field}": old, f"new_{contact.field}": to or ""}
    facts = changed | facts_of(held_until)
    events.record(contact.kind, user_id=person.pk, origin=origin, at=at, details=facts)
