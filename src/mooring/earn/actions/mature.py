"""Mature: at the end of their rewards, locked positions begin to come back by themselves."""

from datetime import datetime

from mooring.accounts import api as accounts
from mooring.earn import postings
from mooring.earn.actions.holdings import lock_positions
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
    accounts.lock_open(account_id for _, account_id in due)
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
        _remember(ripe)
    return len(due)


def _remember(ripe: list[tuple[Holding, Leaving]]) -> None:
    db.execute(
        "UPDATE earn_position SET status = 'REDEEMING', exit = 'MATURE', version = version + 1"
        " WHERE id = ANY(%s::bigint[])",
        [db.array([holding.id for holding, _ in ripe])],
    )
    db.execute(
        "INSERT INTO earn_redemption (account_id, position_id, request_key, digest, type, status,"
        "  destination, amount, deducted, fee, forfeited, rewards_added, net, requested_at,"
        "  arrives_from, arrives_until)"
        " SELECT t.account_id, t.position_id, 'maturity:' || t.position_id, '', 'MATURE',"
        "  'PENDING', 'SPOT', t.amount, 0, 0, 0, 0, t.amount, t.ended, t.arrives, t.arrives_until"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[], %s::timestamptz[],"
        "  %s::timestamptz[], %s::timestamptz[])"
        "  AS t (account_id, position_id, amount, ended, arrives, arrives_until)",
        [
            db.array([holding.account_id for holding, _ in ripe]),
            db.array([holding.id for holding, _ in ripe]),
            db.array([leaving.amount for _, leaving in ripe]),
            db.array(
                [
                    holding.rewards_end.isoformat() if holding.rewards_end else None
                    for holding, _ in ripe
                ]
            ),
            db.array([leaving.arrives_from.isoformat() for _, leaving in ripe]),
            db.array([leaving.arrives_until.isoformat() for _, leaving in ripe]),
        ],
    )
