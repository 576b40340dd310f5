"""What rewards that were paid in another asset can be taken back from."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from mooring.assets import api as assets
from mooring.earn.rules.claw_back import Purse, price_between
from mooring.earn.rules.redemption import Holding
from mooring.kernel import db
from mooring.ledger import api as ledger


def read_purses_of_rewards(holdings: Iterable[Holding], *, at: datetime) -> dict[int, Purse]:
    """
    Return by position what a customer has in spot of the rewards' asset, and its price.

    Args:
        holdings: positions that get rewards in their own asset are not in the answer.
        at: with the prices in force then.
    """
    apart = {one.id: one for one in holdings if one.reward_asset != one.asset}
    if not apart:
        return {}
    prices = assets.prices(at=at)
    spots = _spots(apart.values())
    purses = {}
    for holding in apart.values():
        account, in_spot = spots.get((holding.account_id, holding.reward_asset), (0, Decimal(0)))
        price = price_between(prices, holding.asset, reward_asset=holding.reward_asset)
        purses[holding.id] = Purse(account=account, in_spot=in_spot, price=price)
    return purses


def _spots(holdings: Iterable[Holding]) -> dict[tuple[int, str], tuple[int, Decimal]]:
    pairs = sorted({(holding.account_id, holding.reward_asset) for holding in holdings})
    found = db.rows(
        "SELECT account.owner_id, account.asset, account.id, account.balance"
        " FROM unnest(%s::bigint[], %s::text[]) AS t (owner_id, asset)"
        " INNER JOIN ledger_account AS account ON account.owner_id = t.owner_id"
        "  AND account.asset = t.asset AND account.code = %s AND account.reference = 0",
        [
            db.array([owner for owner, _ in pairs]),
            db.array([asset for _, asset in pairs]),
            ledger.Code.SPOT,
        ],
    )
    return {(owner, asset): (account, balance) for owner, asset, account, balance in found}
