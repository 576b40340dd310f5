"""Ask for an account back."""

import secrets
from datetime import datetime, timedelta

from mooring.accounts import events, messenger
from mooring.accounts.models import Channel, Recovery, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs.factors import list_factors
from mooring.accounts.protection.recovery import (
    Kind,
    RecoveryProof,
    cancel_digest,
    kind_for,
    lock_proven,
    open_rows,
    recovery_hours,
)
from mooring.accounts.protection.recovery_errors import RecoveryNotNeeded
from mooring.kernel import db


@db.transaction
def request_recovery(proof: RecoveryProof, *, origin: Origin, at: datetime) -> datetime:
    """
    Begin a recovery, and tell its owner on every channel how to cancel it.

    Asked for again while one is open, it is that one: its time neither begins anew nor shortens.

    Args:
        at: platform time, UTC.

    Returns:
        When it can be completed.

    Raises:
        RecoveryNotProven: mailbox or password were not shown, or too long ago.
        RecoveryNotNeeded: the account has no second factor that could be lost.
    """
    account, person = lock_proven(proof, wall=origin.wall)
    kind = kind_for(account)
    found: Recovery | None = open_rows().filter(account_id=account.pk, kind=kind).first()
    if found is not None:
        return found.ready_at
    if kind is Kind.LOST_FACTOR and not list_factors(person.pk):
        raise RecoveryNotNeeded
    # One of the other kind is of a state that the account is no longer in.
    open_rows().filter(account_id=account.pk).update(cancelled_at=at)
    token = secrets.token_urlsafe(32)
    row = Recovery.objects.create(
        account_id=account.pk,
        kind=kind,
        requested_at=at,
        ready_at=at + timedelta(hours=recovery_hours(at=at)),
        cancel_digest=cancel_digest(token),
    )
    _tell(person, row, token, origin=origin, at=at)
    return row.ready_at


def _tell(person: User, row: Recovery, token: str, *, origin: Origin, at: datetime) -> None:
    """
    Record the request, and write to the inbox and to every address and number of the account.

    Who is logged in cancels it there, and needs no link.
    """
    facts = {"kind": row.kind, "ready_at": f"{row.ready_at:%Y-%m-%d %H:%M} UTC"}
    ways = [(Channel.EMAIL, person.email), (Channel.SMS, person.phone)]
    shown = {"ip": origin.ip, "device": origin.device_name, **facts}
    kind = events.Kind.RECOVERY_REQUESTED
    told = [
        messenger.Message(kind=kind.value, user_id=person.pk, channel=messenger.INBOX, facts=shown)
    ]
    told += [
        messenger.Message(
            kind=kind.value,
            user_id=person.pk,
            channel=channel,
            to=to,
            facts={**shown, "cancel_token": token},
            is_secret=True,
        )
        for channel, to in ways
        if to
    ]
    events.record(kind, user_id=person.pk, origin=origin, at=at, details=facts, messages=told)
