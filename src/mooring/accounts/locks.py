"""The first lock of every action on a customer's money."""

from collections.abc import Iterable

from mooring.kernel import db


@db.transaction_required
def lock_open(account_ids: Iterable[int]) -> frozenset[int]:
    """
    Lock the rows of those accounts that are open, lowest id first, and return their ids.

    The order makes two actions wait for each other instead of deadlocking; being first makes
    READ COMMITTED enough: whatever is read after it, is read under the lock.

    Returns:
        The ids that are open. An id that is missing is absent or closed: answer with
        `AccountNotOpen`.
    """
    found = db.rows(
        "SELECT id FROM accounts_account WHERE id = ANY(%s::bigint[]) AND status = 'OPEN'"
        " ORDER BY id FOR NO KEY UPDATE",
        [db.array(sorted(set(account_ids)))],
    )
    return frozenset(account_id for (account_id,) in found)
