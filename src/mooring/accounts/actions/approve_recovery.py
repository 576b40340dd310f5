"""Say that who asks for a disabled account back is its owner."""

from datetime import datetime

from mooring.accounts import events
from mooring.accounts.locks import lock_not_closed
from mooring.accounts.models import Account, Recovery
from mooring.accounts.origin import Origin
from mooring.accounts.protection.recovery import Kind, open_rows
from mooring.accounts.protection.recovery_errors import RecoveryNotFound
from mooring.accounts.verification.rows import check_reviewer
from mooring.kernel import db


@db.transaction
def approve_recovery(
    recovery_id: int, *, reviewer_id: int, origin: Origin | None, at: datetime
) -> None:
    """
    Approve the recovery of a disabled account, and tell its owner; its time to wait goes on.

    Approving twice is approving once: the first reviewer stays its author.

    Args:
        reviewer_id: the log-in of the reviewer.
        origin: where the request came from; None for the command line.
        at: platform time, UTC.

    Raises:
        NotAReviewer, VerificationIsOnesOwn: somebody else must decide.
        RecoveryNotFound: there is no such open recovery of a disabled account.
    """
    found = Recovery.objects.filter(id=recovery_id).values_list("account_id", flat=True).first()
    lock_not_closed([found or 0])
    row: Recovery | None = (
        open_rows()
        .select_for_update(of=("self",), no_key=True)
        .filter(id=recovery_id, kind=Kind.DISABLED, account__status=Account.Status.DISABLED)
        .first()
    )
    if row is None:
        raise RecoveryNotFound
    user_id = Account.objects.values_list("user_id", flat=True).get(id=row.account_id)
    check_reviewer(reviewer_id, user_id=user_id)
    if row.approved_at is not None:
        return
    row.approved_at, row.approved_by_id = at, reviewer_id
    row.save(update_fields=["approved_at", "approved_by"])
    if user_id is not None:
        facts = {"ready_at": f"{row.ready_at:%Y-%m-%d %H:%M} UTC"}
        events.record(
            events.Kind.RECOVERY_APPROVED, user_id=user_id, origin=origin, at=at, details=facts
        )
