"""Settle: deliver what was redeemed and is due."""

from datetime import datetime
from typing import Any, Final

from mooring.accounts import api as accounts
from mooring.earn import postings
from mooring.earn.actions.ending import end_emptied, end_left
from mooring.earn.actions.kept_rewards import kept_rewards
from mooring.kernel import db
from mooring.ledger import api as ledger

#: Redemptions per transaction.
BATCH: Final = 1000
_WALLETS: Final = {"SPOT": ledger.Code.SPOT, "FUNDING": ledger.Code.FUNDING}


def settle_due(*, at: datetime) -> int:
    """Deliver every redemption whose arrival window has begun by `at`; return how many."""
    total = 0
    while count := _settle_batch(at=at):
        total += count
    return total


@db.transaction
def _settle_batch(*, at: datetime) -> int:
    due = db.rows(
        "SELECT id, account_id, position_id FROM earn_redemption"
        " WHERE status = 'PENDING' AND arrives_from <= %s"
        # What goes into another position is carried on.
        " AND destination IN ('SPOT', 'FUNDING') ORDER BY arrives_from, id LIMIT %s",
        [at, BATCH],
    )
    if not due:
        return 0
    accounts.lock_not_closed(account_id for _, account_id, _ in due)
    db.rows(
        "SELECT id FROM earn_position WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE",
        [db.array([position_id for *_, position_id in due])],
    )
    # Read again under the locks: an undo may have been quicker.
    pending = db.rows(
        "SELECT redemption.id, redemption.account_id, redemption.position_id,"
        "  redemption.destination, redemption.net, product.asset, position.redeeming_account,"
        "  position.kind"
        " FROM earn_redemption AS redemption"
        " INNER JOIN earn_position AS position ON position.id = redemption.position_id"
        " INNER JOIN earn_product AS product ON product.id = position.product_id"
        " WHERE redemption.id = ANY(%s::bigint[]) AND redemption.status = 'PENDING'"
        " ORDER BY redemption.id FOR NO KEY UPDATE OF redemption",
        [db.array([redemption_id for redemption_id, *_ in due])],
    )
    if pending:
        _deliver(pending, at=at)
    return len(due)


def _deliver(pending: list[tuple[Any, ...]], *, at: datetime) -> None:
    wallets = ledger.open_accounts(
        [
            ledger.AccountName(_WALLETS[destination], asset, account_id)
            for _, account_id, _, destination, _, asset, *_ in pending
        ]
    )
    ledger.post(
        [
            postings.delivered(
                key=f"earn.deliver:{redemption_id}",
                asset=asset,
                redeeming=redeeming,
                destination=wallet,
                net=net,
            )
            for (redemption_id, _, _, _, net, asset, redeeming, _), wallet in zip(
                pending, wallets, strict=True
            )
            # Everything may have been taken back: then nothing arrives, and it is settled.
            if net
        ]
        + kept_rewards(row[0] for row in pending),
        at=at,
    )
    db.execute(
        "UPDATE earn_redemption SET status = 'PAID', paid_at = %s WHERE id = ANY(%s::bigint[])",
        [at, db.array([row[0] for row in pending])],
    )
    left = {row[2]: row[7] for row in pending}
    end_left(left, at=at)
    # What left a flexible position the slow way may have been all of it.
    end_emptied((id_ for id_, kind in left.items() if kind == "FLEXIBLE"), at=at)
