"""Mature: at the end of their rewards, locked positions begin to come back by themselves."""

from datetime import datetime
from typing import Final

from mooring.accounts import api as accounts
from mooring.kernel import db

#: Positions per transaction: large enough for the set to pay, small enough that a customer who
#: asks for one of them meanwhile waits less than a second.
BATCH: Final = 10_000


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
        " AND rewards_end <= %s ORDER BY rewards_end, id LIMIT %s",
        [at, BATCH],
    )
    if not due:
        return 0
    accounts.lock_not_closed(account_id for _, account_id in due)
    # Somebody may have been quicker: what was read before the locks is only a hint.
    db.rows("SELECT earn_mature_v1(%s::bigint[], %s)", [db.array(id_ for id_, _ in due), at])
    return len(due)
