"""Deliver: let what left locked positions arrive in wallets, as sets."""

from datetime import datetime
from typing import Final

from mooring.accounts import api as accounts
from mooring.kernel import db

#: Redemptions per transaction: large enough for the set to pay, small enough that a customer
#: who undoes one of them meanwhile waits less than a second.
CHUNK: Final = 10_000


def deliver_due(*, at: datetime) -> int:
    """
    Deliver, of what left locked positions, all that goes into a wallet and is due by `at`.

    What leaves flexible positions, or goes into another one, or brings rewards in another asset,
    is left to `settle`, which decides one by one.

    Returns:
        How many redemptions arrived.
    """
    total = 0
    while count := _deliver_chunk(at=at):
        total += count
    return total


@db.transaction
def _deliver_chunk(*, at: datetime) -> int:
    due = db.rows(
        "SELECT id, account_id, position_id FROM earn_redemption"
        " WHERE status = 'PENDING' AND arrives_from <= %s"
        " AND type IN ('EARLY', 'MATURE', 'RETIRED') AND destination IN ('SPOT', 'FUNDING')"
        " AND reward_kept = 0 ORDER BY arrives_from, id LIMIT %s",
        [at, CHUNK],
    )
    if not due:
        return 0
    accounts.lock_not_closed(account_id for _, account_id, _ in due)
    # Under the locks it looks again: an undo may have been quicker.
    db.rows(
        "SELECT earn_deliver_v1(%s::bigint[], %s::bigint[], %s)",
        [
            db.array(redemption_id for redemption_id, *_ in due),
            db.array(position_id for *_, position_id in due),
            at,
        ],
    )
    return len(due)
