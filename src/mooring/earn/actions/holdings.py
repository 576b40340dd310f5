"""Positions under lock: what every action on positions begins with."""

from collections.abc import Iterable

from mooring.earn.queries.holdings import read_holdings
from mooring.earn.rules.redemption import Holding
from mooring.kernel import db


@db.transaction_required
def lock_positions(position_ids: Iterable[int]) -> dict[int, Holding]:
    """
    Lock positions, lowest id first, and return what is known of them then.

    Call it after `accounts.lock_open`. Two statements on purpose: a row that had to be waited
    for is read anew by the second, together with its balance; in one statement the balance
    would be of the time before the wait.
    """
    ids = sorted(set(position_ids))
    db.rows(
        "SELECT id FROM earn_position WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE",
        [db.array(ids)],
    )
    return read_holdings(ids)
