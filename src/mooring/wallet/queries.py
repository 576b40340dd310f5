"""What a customer has, by asset, wallet and state. Source: WAL-1."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.wallet.facts import Wallet
from mooring.wallet.postings import TRANSFER

Code = ledger.Code

#: Which line of the chart is which state. Every line of a customer has one: a missing one
#: would be money that no page shows.
_STATE_OF: Final = {
    Code.SPOT: "spot_available",
    Code.SPOT_IN_ORDERS: "spot_in_orders",
    Code.SPOT_FROZEN: "spot_frozen",
    Code.FUNDING: "funding",
    Code.EARN_FLEX: "earn_flexible",
    Code.EARN_FLEX_PLEDGED: "earn_pledged",
    Code.EARN_FLEX_REDEEMING: "earn_redeeming",
    Code.EARN_LOCKED: "earn_locked",
    Code.EARN_LOCKED_REDEEMING: "earn_redeeming",
    Code.LIQUID_REDEEMING: "earn_redeeming",
    Code.REWARDS_ACCRUED: "rewards_pending",
    Code.WITHDRAWAL_PENDING: "withdrawing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetBalances:
    """
    What a customer has of one asset; the states sum to `total`.

    Args:
        spot_available: free for trading, withdrawing, subscribing.
        spot_in_orders: reserved by open orders.
        spot_frozen: kept by a hold.
        earn_flexible: in flexible products, redeemable.
        earn_pledged: in flexible products, securing a loan.
        earn_locked: in locked products.
        earn_redeeming: on its way out of Earn.
        rewards_pending: booked as earned, not paid out yet.
        withdrawing: on its way out of the platform.
        as_of: the platform's time when it was read.
    """

    asset: str
    total: Amount
    spot_available: Amount
    spot_in_orders: Amount
    spot_frozen: Amount
    funding: Amount
    earn_flexible: Amount
    earn_pledged: Amount
    earn_locked: Amount
    earn_redeeming: Amount
    rewards_pending: Amount
    withdrawing: Amount
    as_of: datetime

    @property
    def spot(self) -> Amount:
        """Everything in the spot wallet, free or not."""
        return self.spot_available + self.spot_in_orders + self.spot_frozen

    @property
    def earn(self) -> Amount:
        """Everything in Earn, pending rewards included."""
        return (
            self.earn_flexible
            + self.earn_pledged
            + self.earn_locked
            + self.earn_redeeming
            + self.rewards_pending
        )


def balances(*, account_id: int, at: datetime) -> tuple[AssetBalances, ...]:
    """
    Return what a customer has of each asset they ever held, by asset, with one query.

    Args:
        at: the platform's time, noted on the answer; the figures are the book's as it stands.
    """
    by_asset: dict[str, list[ledger.Balance]] = defaultdict(list)
    for balance in ledger.balances(owner_id=account_id):
        by_asset[balance.amount.asset].append(balance)
    return tuple(_of_asset(asset, by_asset[asset], at) for asset in sorted(by_asset))


def _of_asset(asset: str, held: list[ledger.Balance], at: datetime) -> AssetBalances:
    total = Amount.zero(asset)
    states = dict.fromkeys(_STATE_OF.values(), total)
    for balance in held:
        states[_STATE_OF[balance.code]] += balance.amount
        total += balance.amount
    return AssetBalances(asset=asset, total=total, as_of=at, **states)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRecord:
    """A move between a customer's wallets; `id` is its journal's in the book."""

    id: int
    amount: Amount
    source: Wallet
    target: Wallet
    at: datetime


def transfers(
    *, account_id: int, since: datetime, until: datetime, source: Wallet, limit: int = 1000
) -> tuple[TransferRecord, ...]:
    """
    Return what a customer moved out of a wallet into the other, newest first.

    Args:
        since, until: the first included, the second not.
    """
    narrow = ledger.StatementFilter(
        kinds=[TRANSFER], codes=[ledger.Code[source]], since=since, until=until
    )
    target: Wallet = "FUNDING" if source == "SPOT" else "SPOT"
    return tuple(
        TransferRecord(
            id=line.journal_id, amount=-line.amount, source=source, target=target,
            at=line.effective_at,
        )
        for line in ledger.statement(owner_id=account_id, narrow=narrow, limit=limit)
        if not line.amount.is_positive
    )  # fmt: skip
