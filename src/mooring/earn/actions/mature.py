"""Mature: at the end of their rewards, locked positions begin to come back by themselves."""

from datetime import datetime

from mooring.accounts import api as accounts
from mooring.earn import postings
from mooring.earn.actions.holdings import lock_positions, store_positions
from mooring.earn.actions.redemption_rows import RedemptionRow, insert_redemptions
from mooring.earn.rules.redemption import Holding, Leaving
from mooring.earn.rules.redemption import mature as rule
from mooring.kernel import db
from mooring.ledger import api as ledger

#: Positions per transaction.
BATCH = 1000


def mature_due(*, at: datetime) -> int:
    """Let every locked position whose rewards ended by `at` mature; return how many."""
    total = 0
    while count := _mature_batch(at=at):
        total += count
    return total


@db.transaction
def _mature_batch(*, at: datetime) -> int:
    due = db.rows(
        "SELECT id, account_id FROM earn_position WHERE kind = 'LOCKED' AND status = 'HOLDING'"
        " AND rewards_end <= %s ORDER BY id LIMIT %s",
        [at, BATCH],
    )
    if not due:
        return 0
    accounts.lock_not_closed(account_id for _, account_id in due)
    locked = lock_positions(position_id for position_id, _ in due)
    # Somebody may have been quicker: what was read before the lock is only a hint.
    ripe = [
        (locked[id_], rule(locked[id_]))
        for id_ in sorted(locked)
        if locked[id_].status == "HOLDING"
    ]
    if ripe:
        ledger.post(
            [
                postings.matured(
                    key=f"earn.mature:{holding.id}", holding=holding, amount=leaving.amount
                )
                for holding, leaving in ripe
            ],
            at=at,
        )
        _remember(ripe, at=at)
    return len(due)


def _remember(ripe: list[tuple[Holding, Leaving]], *, at: datetime) -> None:
    insert_redemptions(
        [
            RedemptionRow(
                # No customer's key has a colon in it, and no customer asked: no digest.
                # A customer's key has no slash, so none can stand in the way of this one.
                request_key=f"maturity/{holding.id}",
                digest="",
                destination="SPOT",
                holding=holding,
                leaving=leaving,
                requested_at=holding.rewards_end or at,
            )
            for holding, leaving in ripe
        ]
    )
    for holding, leaving in ripe:
        holding.status, holding.exit = "REDEEMING", leaving.type
        holding.version += 1
    store_positions([holding for holding, _ in ripe], at=at)
