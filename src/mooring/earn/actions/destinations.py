"""The wallets that redeemed money arrives in."""

from collections.abc import Iterable
from typing import Final

from mooring.earn.actions.redemption_requests import Redemption
from mooring.earn.facts import Destination
from mooring.earn.rules.redemption import Holding
from mooring.kernel import db
from mooring.ledger import api as ledger


@db.transaction_required
def open_wallets(requests: Iterable[Redemption], holdings: dict[int, Holding]) -> None:
    """Make the wallets that money will arrive in, where a customer has none yet."""
    wanted = [
        (holding, request.destination)
        for request in requests
        if (holding := holdings.get(request.position_id)) is not None
        and request.account_id == holding.account_id
        and not wallet_of(holding, request.destination)
    ]
    if not wanted:
        return
    ids = ledger.open_accounts(
        [
            ledger.AccountName(_WALLETS[destination], holding.asset, holding.account_id)
            for holding, destination in wanted
        ]
    )
    for (holding, destination), account_id in zip(wanted, ids, strict=True):
        if destination == "SPOT":
            holding.spot = account_id
        else:
            holding.funding = account_id


_WALLETS: Final = {"SPOT": ledger.Code.SPOT, "FUNDING": ledger.Code.FUNDING}


def wallet_of(holding: Holding, destination: Destination) -> int:
    """Return the customer's account in the book that money goes to; 0 where there is none."""
    return holding.spot if destination == "SPOT" else holding.funding
