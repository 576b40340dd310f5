"""Flag what is late: redemptions whose window passed without the money (EARN-9)."""

import logging
from datetime import datetime
from typing import Any, Final

from mooring.accounts import api as accounts
from mooring.kernel import db
from mooring.kernel.money import Amount

#: Redemptions per transaction.
BATCH: Final = 1000
_LOG: Final = logging.getLogger(__name__)


def flag_late(*, at: datetime) -> int:
    """
    Mark redemptions that are past their window, tell their customers, and alert the operator.

    Each is marked once. What is late is delivered as soon as it can be and stays marked.

    Returns:
        How many were marked.
    """
    total = 0
    while found := _flag_batch(at=at):
        total += len(found)
        for redemption_id, account_id, net, asset, until in found:
            # Written after the commit: what watches the log pages somebody.
            _LOG.error(
                "redemption %s of account %s is late: %s should have arrived by %s",
                *(redemption_id, account_id, Amount(net, asset), until.isoformat()),
            )
    return total


@db.transaction
def _flag_batch(*, at: datetime) -> list[tuple[Any, ...]]:
    found = db.rows(
        "WITH late AS ("
        "  SELECT id FROM earn_redemption WHERE status IN ('QUEUED', 'PENDING')"
        "  AND arrives_until < %s AND late_at IS NULL ORDER BY id LIMIT %s"
        # Who delivers one at this moment is quicker.
        "  FOR NO KEY UPDATE SKIP LOCKED)"
        " UPDATE earn_redemption AS redemption SET late_at = %s"
        " FROM late, earn_position AS position, earn_product AS product"
        " WHERE redemption.id = late.id AND position.id = redemption.position_id"
        " AND product.id = position.product_id"
        " RETURNING redemption.id, redemption.account_id, redemption.net, product.asset,"
        "  redemption.arrives_until",
        [at, BATCH, at],
    )
    owners = accounts.find_owners(account_id for _, account_id, *_ in found)
    accounts.tell(
        [
            accounts.Message(
                kind="redemption_late",
                user_id=owners[account_id],
                facts={"redemption": str(redemption_id), "amount": str(Amount(net, asset))},
            )
            for redemption_id, account_id, net, asset, _ in found
            if account_id in owners
        ],
        at=at,
    )
    return found
