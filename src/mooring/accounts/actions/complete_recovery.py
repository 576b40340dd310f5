"""Give an account back to its owner."""

from datetime import datetime

from allauth.mfa.models import Authenticator

from mooring.accounts import events
from mooring.accounts.keys.api_keys import end_api_keys
from mooring.accounts.models import Account, ApiKey, CodeFactor, Device, Recovery, User
from mooring.accounts.origin import Origin
from mooring.accounts.presence import sessions
from mooring.accounts.proofs import codes, step_up
from mooring.accounts.protection.holds import Cause, begin_hold, facts_of
from mooring.accounts.protection.recovery import (
    Kind,
    RecoveryProof,
    lock_open_recovery,
    lock_proven,
)
from mooring.accounts.protection.recovery_errors import (
    RecoveryNotApproved,
    RecoveryNotFound,
    RecoveryNotReady,
)
from mooring.kernel import db


@db.transaction
def complete_recovery(proof: RecoveryProof, *, origin: Origin, at: datetime) -> None:
    """
    Remove the lost factors of an open account, so that its owner can log in again.

    Everything that was open with them ends: log-ins, confirmed browsers, keys, codes.
    Withdrawals are held. The password stays.

    Args:
        at: platform time, UTC.

    Raises:
        RecoveryNotProven, RecoveryNotFound, RecoveryNotReady.
    """
    account, person = lock_proven(proof, wall=origin.wall)
    row = lock_open_recovery(account)
    if row.kind != Kind.LOST_FACTOR:
        raise RecoveryNotFound
    _complete(row, person, origin=origin, at=at)


@db.transaction
def reopen_account(
    proof: RecoveryProof, password_hash: str, *, origin: Origin, at: datetime
) -> None:
    """
    Open a disabled account again, with a new password and without the factors it had.

    Whoever froze it may have had them too; the person is known by mailbox and reviewer instead.

    Args:
        password_hash: of the new password, hashed before the locks are taken.
        at: platform time, UTC.

    Raises:
        RecoveryNotProven, RecoveryNotFound, RecoveryNotReady, RecoveryNotApproved.
    """
    account, person = lock_proven(proof, wall=origin.wall)
    row = lock_open_recovery(account)
    if row.kind != Kind.DISABLED:
        raise RecoveryNotFound
    if row.approved_at is None:
        raise RecoveryNotApproved
    person.password = password_hash
    person.save(update_fields=["password"])
    account.status, account.disabled_at = Account.Status.OPEN, None
    account.save(update_fields=["status", "disabled_at"])
    facts = _complete(row, person, origin=origin, at=at)
    events.record(
        events.Kind.ACCOUNT_ENABLED, user_id=person.pk, origin=origin, at=at, details=facts
    )


@db.transaction_required
def _complete(row: Recovery, person: User, *, origin: Origin, at: datetime) -> dict[str, str]:
    """Complete a recovery whose time has come; return until when withdrawals wait, in facts."""
    if at < row.ready_at:
        raise RecoveryNotReady(ready_at=row.ready_at)
    row.completed_at = at
    row.save(update_fields=["completed_at"])
    Authenticator.objects.filter(user_id=person.pk).delete()
    CodeFactor.objects.filter(user_id=person.pk).delete()
    sessions.end_sessions(person.pk, end=sessions.End.SECURITY, wall=origin.wall)
    Device.objects.filter(user_id=person.pk, revoked_at__isnull=True).update(revoked_at=origin.wall)
    codes.end_codes(user_id=person.pk, wall=origin.wall)
    step_up.end_step_ups(user_id=person.pk)
    end_api_keys(row.account_id, end=ApiKey.End.RECOVERY, at=at, origin=origin)
    held_until = begin_hold(row.account_id, Cause.RECOVERY, at=at, origin=origin)
    facts = facts_of(held_until)
    events.record(
        events.Kind.RECOVERY_COMPLETED, user_id=person.pk, origin=origin, at=at, details=facts
    )
    return facts
