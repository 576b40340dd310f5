"""Say that who asks for a disabled account back is its owner."""

from datetime import datetime

from mooring.accounts import events
from mooring.accounts.locks import lock_not_closed
from mooring.accounts.models import Account, Recovery
from mooring.accounts.protection.recovery import Kind, open_rows
from mooring.accounts.protection.recovery_errors import RecoveryNotFound, RecoveryReasonWrong
from mooring.accounts.rules import verification as rules
from mooring.accounts.verification.rows import check_reviewer
from mooring.kernel import db


@db.transaction
def approve_recovery(recovery_id: int, *, reviewer_id: int, reason: str = "", at: datetime) -> None:
    """
    Approve the recovery of a disabled account, and tell its owner; its time to wait goes on.

    Approving twice is approving once: the first reviewer stays its author.

    Args:
        reviewer_id: the log-in of the reviewer.
        reason: how the reviewer knew the person, whom it is shown to as well; there must be one
            where nobody was ever verified, for then there is nothing to compare with.
        at: platform time, UTC.

    Raises:
        NotAReviewer, VerificationIsOnesOwn: somebody else must decide.
        RecoveryNotFound: there is no such open recovery of a disabled account.
        RecoveryReasonWrong: it is missing, too long, or nobody can read it.
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
    user_id, level = Account.objects.values_list("user_id", "verification_level").get(
        id=row.account_id
    )
    check_reviewer(reviewer_id, user_id=user_id)
    if row.approved_at is not None:
        return
    row.approval_reason = _reason_of(reason, level=level)
    row.approved_at, row.approved_by_id, row.approved_level = at, reviewer_id, level
    row.save(update_fields=["approved_at", "approved_by", "approved_level", "approval_reason"])
    if user_id is not None:
        facts = {
            "ready_at": f"{row.ready_at:%Y-%m-%d %H:%M} UTC",
            "level": str(level),
            "reason": row.approval_reason,
        }
        # No origin: the reviewer's address and browser are not the customer's to know.
        kind = events.Kind.RECOVERY_APPROVED
        events.record(kind, user_id=user_id, origin=None, at=at, details=facts)


def _reason_of(text: str, *, level: int) -> str:
    """Return a reason as it is kept; empty where none is needed and none was given."""
    reason = rules.one_line(text)
    if not reason and level > 0:
        return ""
    if not reason or len(reason) > rules.REASON_LENGTH_MAX or not rules.is_readable(reason):
        raise RecoveryReasonWrong
    return reason
