"""Stop a recovery that one did not ask for."""

from datetime import datetime

from mooring.accounts import events
from mooring.accounts.locks import lock_not_closed
from mooring.accounts.models import Account, Recovery
from mooring.accounts.origin import Origin
from mooring.accounts.protection.recovery import cancel_digest, open_rows
from mooring.accounts.protection.recovery_errors import RecoveryNotFound
from mooring.kernel import db


@db.transaction
def cancel_recovery_by_link(token: str, *, origin: Origin, at: datetime) -> None:
    """
    Cancel the recovery whose link holds `token`; nobody needs to be logged in.

    Args:
        at: platform time, UTC.

    Raises:
        RecoveryNotFound: no link of ours, or nothing to cancel any more.
    """
    digest = cancel_digest(token)
    account_id = Recovery.objects.filter(cancel_digest=digest).values_list("account_id", flat=True)
    _cancel(account_id.first() or 0, digest, origin=origin, at=at)


@db.transaction
def cancel_recovery(*, account_id: int, origin: Origin, at: datetime) -> None:
    """
    Cancel the open recovery of who is logged in with everything that a log-in needs.

    Args:
        at: platform time, UTC.

    Raises:
        RecoveryNotFound: there is none.
    """
    _cancel(account_id, "", origin=origin, at=at)


@db.transaction_required
def _cancel(account_id: int, digest: str, *, origin: Origin, at: datetime) -> None:
    # The account first, as completing does: of the two, one comes too late.
    lock_not_closed([account_id])
    rows = open_rows().filter(account_id=account_id)
    if digest:
        rows = rows.filter(cancel_digest=digest)
    if not rows.update(cancelled_at=at):
        raise RecoveryNotFound
    user_id = Account.objects.values_list("user_id", flat=True).get(id=account_id)
    if user_id is not None:
        events.record(events.Kind.RECOVERY_CANCELLED, user_id=user_id, origin=origin, at=at)
