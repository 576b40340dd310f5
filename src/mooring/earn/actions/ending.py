"""End positions out of which everything has been delivered."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from mooring.earn.actions.crediting import Rewards, platform_accounts
from mooring.earn.actions.daily_booking import read_daily
from mooring.earn.actions.holdings import lock_positions, store_positions
from mooring.kernel import db
from mooring.ledger import api as ledger

# A look-up by position (OFFSET 0 keeps it one), and not by the index of what is on its way, which
# looks short where nothing was counted yet: hence the ''.
_END_LEFT: Final = """
    UPDATE earn_position AS position SET status = 'PAID', closed_at = %s
    WHERE id = ANY(%s::bigint[]) AND status = 'REDEEMING' AND NOT EXISTS (
        SELECT FROM earn_redemption AS other
        WHERE other.position_id = position.id AND other.status || '' = 'PENDING' OFFSET 0
    )
"""


@db.transaction_required
def end_left(position_ids: Iterable[int], *, at: datetime) -> None:
    """End those of the positions that were left, and of which nothing else is on its way."""
    db.execute(_END_LEFT, [at, db.array(position_ids)])


@db.transaction_required
def end_emptied(position_ids: Iterable[int], *, at: datetime) -> None:
    """
    End those of the positions in which nothing is left; what they carried is dropped.

    Args:
        position_ids: of flexible positions, the accounts locked and the deliveries posted.
    """
    holdings = lock_positions(position_ids)
    empty = [
        holding
        for holding in holdings.values()
        if holding.status == "HOLDING"
        and not (holding.principal or holding.pledged or holding.redeeming)
    ]
    if not empty:
        return
    daily = read_daily(empty, at=at)
    rewards = Rewards()
    for holding in empty:
        daily.book(holding)
        rewards.drop(holding, holding.carry)
        holding.carry = Decimal(0)
        holding.status, holding.exit = "PAID", "FLEXIBLE"
        holding.version += 1
        daily.note(holding)
    name = f"e.{empty[0].id}.{empty[0].version}"
    platform = platform_accounts({holding.asset for holding in empty})
    ledger.post(
        [
            *rewards.journals(f"earn.reward:{name}", platform),
            *daily.journals(f"earn.daily:{name}"),
        ],
        at=at,
    )
    store_positions(empty, at=at)
