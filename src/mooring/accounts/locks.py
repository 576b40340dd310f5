"""The first lock of every action on a customer's account."""

from collections.abc import Iterable

from mooring.kernel import db


@db.transaction_required
def lock_open(account_ids: Iterable[int]) -> frozenset[int]:
    """
    Lock the rows of these accounts, lowest id first, and return the ids of those that are open.

    The order makes two actions wait for each other instead of deadlocking; being first makes
    READ COMMITTED enough: whatever is read after it, is read under the lock.

    Returns:
        The ids that are open. An id that is missing is absent, disabled or closed: answer with
        `AccountNotOpen`.
    """
    return frozenset(found for found, status in _lock(account_ids) if status == "OPEN")


@db.transaction_required
def lock_not_closed(account_ids: Iterable[int]) -> frozenset[int]:
    """
    Lock as `lock_open` does, and return the ids that are open or disabled.

    For what reaches an account without its person: a deposit, a reward, a maturity. A disabled
    account is frozen against its log-in, not against its own money.
    """
    return frozenset(found for found, status in _lock(account_ids) if status != "CLOSED")


def _lock(account_ids: Iterable[int]) -> list[tuple[int, str]]:
    found = db.rows(
        "SELECT id, status FROM accounts_account WHERE id = ANY(%s::bigint[])"
        " ORDER BY id FOR NO KEY UPDATE",
        [db.array(sorted(set(account_ids)))],
    )
    return [(account_id, status) for account_id, status in found]
