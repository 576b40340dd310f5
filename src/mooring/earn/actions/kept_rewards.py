"""Kept rewards: what redemptions bring in another asset than the position's."""

from collections.abc import Iterable

from mooring.earn import postings
from mooring.kernel import db
from mooring.ledger import api as ledger


@db.transaction_required
def kept_rewards(redemption_ids: Iterable[int]) -> list[ledger.Journal]:
    """Return the journals that pay to spot what these redemptions, delivered now, had kept."""
    found = db.rows(
        "SELECT redemption.id, redemption.account_id, redemption.reward_kept,"
        "  position.rewards_account, book.asset"
        " FROM earn_redemption AS redemption"
        " INNER JOIN earn_position AS position ON position.id = redemption.position_id"
        " INNER JOIN ledger_account AS book ON book.id = position.rewards_account"
        " WHERE redemption.id = ANY(%s::bigint[]) AND redemption.reward_kept > 0"
        " ORDER BY redemption.id",
        [db.array(redemption_ids)],
    )
    spots = ledger.open_accounts(
        [
            ledger.AccountName(ledger.Code.SPOT, asset, account_id)
            for _, account_id, *_, asset in found
        ]
    )
    return [
        postings.kept_rewards_paid(
            key=f"earn.kept:{redemption_id}",
            asset=asset,
            rewards_account=rewards_account,
            spot=spot,
            kept=kept,
        )
        for (redemption_id, _, kept, rewards_account, asset), spot in zip(found, spots, strict=True)
    ]
