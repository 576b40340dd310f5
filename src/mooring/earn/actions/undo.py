"""Undo: take back an early redemption that has not settled."""

from datetime import datetime

from mooring.accounts import api as accounts
from mooring.earn import errors
from mooring.kernel import db
from mooring.ledger import api as ledger


@db.transaction
def undo(*, account_id: int, redemption_id: int, at: datetime) -> None:
    """
    Restore a position exactly as it was before an early redemption (EARN-10).

    What was clawed back and dropped is given back; days that ended meanwhile are credited by
    the next close as if nothing had happened. Undoing twice is undoing once.

    Args:
        at: when the customer asked; before the redemption's `undo_until`.

    Raises:
        AccountNotOpen: the account is closed.
        RedemptionNotFound: absent, or another customer's.
        UndoNotPossible: it has settled, or its grace period is over, or it never had one.
    """
    if account_id not in accounts.lock_open([account_id]):
        raise accounts.AccountNotOpen(account_id=account_id)
    position_id, status, undo_until, key = _lock(account_id, redemption_id)
    if status == "CANCELLED":
        return
    if status != "PENDING" or undo_until is None or at >= undo_until:
        raise errors.UndoNotPossible(status=status, undo_until=undo_until)
    ledger.reverse(
        key=f"earn.redeem:{account_id}.{key}",
        by_key=f"earn.undo:{account_id}.{key}",
        kind="EARN_REDEEM_UNDONE",
        at=at,
    )
    db.execute(
        "UPDATE earn_redemption SET status = 'CANCELLED', cancelled_at = %s WHERE id = %s",
        [at, redemption_id],
    )
    db.execute(
        "UPDATE earn_position SET status = 'HOLDING', exit = '', version = version + 1"
        " WHERE id = %s",
        [position_id],
    )


def _lock(account_id: int, redemption_id: int) -> tuple[int, str, datetime | None, str]:
    """Lock the position and the redemption, in the order of every action."""
    positions = db.rows(
        "SELECT id FROM earn_position WHERE id ="
        " (SELECT position_id FROM earn_redemption WHERE id = %s AND account_id = %s)"
        " FOR NO KEY UPDATE",
        [redemption_id, account_id],
    )
    if not positions:
        raise errors.RedemptionNotFound(redemption_id=redemption_id)
    [found] = db.rows(
        "SELECT position_id, status, undo_until, request_key FROM earn_redemption"
        " WHERE id = %s FOR NO KEY UPDATE",
        [redemption_id],
    )
    position_id, status, undo_until, key = found
    return position_id, status, undo_until, key
