"""Put an account under review by compliance, or end the review."""

from datetime import datetime

from mooring.accounts import events
from mooring.accounts.errors import AccountNotOpen
from mooring.accounts.locks import lock_not_closed
from mooring.accounts.models import Account
from mooring.accounts.verification.errors import ComplianceFlagUnchanged
from mooring.accounts.verification.rows import check_reviewer
from mooring.kernel import db


@db.transaction
def set_compliance_flag(
    *, account_id: int, is_flagged: bool, reviewer_id: int | None, at: datetime
) -> None:
    """
    Set or take away the flag; its customer reads that functions are under review, not why.

    Args:
        reviewer_id: the log-in of who decides; None for the operator at the machine.
        at: platform time, UTC.

    Raises:
        AccountNotOpen: the account is absent or closed.
        NotAReviewer, VerificationIsOnesOwn: somebody else must decide.
        ComplianceFlagUnchanged: it is so already.
    """
    if account_id not in lock_not_closed([account_id]):
        raise AccountNotOpen(account_id=account_id)
    account = Account.objects.get(id=account_id)
    if reviewer_id is not None:
        check_reviewer(reviewer_id, user_id=account.user_id)
    if (account.flagged_at is not None) == is_flagged:
        raise ComplianceFlagUnchanged
    account.flagged_at = at if is_flagged else None
    account.save(update_fields=["flagged_at"])
    if account.user_id is not None:
        details = {"review": "begun" if is_flagged else "ended"}
        kind = events.Kind.COMPLIANCE_FLAG_CHANGED
        events.record(kind, user_id=account.user_id, origin=None, at=at, details=details)
