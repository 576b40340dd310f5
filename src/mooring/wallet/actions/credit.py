"""Credit what arrived from outside: a sandbox's play money, an operator's deposit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.wallet import postings, rules
from mooring.wallet.actions.posting import post_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """
    A request: so much arrived for an account.

    Args:
        key: the caller's own, unique for ever; 1 to 100 letters, digits and `._:+-`.
    """

    account_id: int
    amount: Amount
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """Where a credit stands in the book, and whether it stood there before."""

    journal_id: int
    replayed: bool


Outcome = Credited | Refusal


@db.transaction
def credit(requests: Sequence[Credit], *, at: datetime) -> list[Outcome]:
    """
    Credit each request to its account's spot wallet, or decline it, in order.

    Whether play money may be made at all is the door's question (`NotASandbox`).

    Args:
        at: when it arrived, UTC.

    Returns:
        One outcome per request: `Credited`, or the refusal it met. The same key with the same
        request is answered with the first journal and moves nothing.

    Refuses:
        AccountNotOpen: the account is absent or closed.
        UnknownAsset: the platform does not hold this asset.
        AmountNotPositive, TooManyDecimals, KeyMalformed: see `rules.check_movement`.
        KeyReused: the key came before with another request.
    """
    open_ids = accounts.lock_not_closed(request.account_id for request in requests)
    known = {asset.code: asset for asset in assets.list_assets(only_active=True)}
    outcomes = {
        number: refusal
        for number, request in enumerate(requests)
        if (refusal := _declined(request, open_ids, known)) is not None
    }
    accepted = {n: request for n, request in enumerate(requests) if n not in outcomes}
    posted = post_each(_journals(list(accepted.values())), at=at)
    answered = outcomes | dict(zip(accepted, map(_outcome, posted), strict=True))
    return [answered[number] for number in range(len(requests))]


def credit_one(request: Credit, *, at: datetime) -> Credited:
    """
    Credit one request.

    Raises:
        AccountNotOpen, UnknownAsset, AmountNotPositive, TooManyDecimals, KeyMalformed,
        KeyReused: see `credit`.
    """
    (outcome,) = credit([request], at=at)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _outcome(posted: ledger.Posted | Refusal) -> Outcome:
    if isinstance(posted, Refusal):
        return posted
    return Credited(journal_id=posted.journal_id, replayed=posted.replayed)


def _declined(
    request: Credit, open_ids: frozenset[int], known: dict[str, assets.Asset]
) -> Refusal | None:
    if request.account_id not in open_ids:
        return accounts.AccountNotOpen(account_id=request.account_id)
    asset = known.get(request.amount.asset)
    if asset is None:
        return assets.UnknownAsset(asset=request.amount.asset)
    try:
        rules.check_movement(
            amount=request.amount, decimals_max=asset.ledger_decimals, key=request.key
        )
    except Refusal as refusal:
        return refusal
    return None


def _journals(requests: Sequence[Credit]) -> list[ledger.Journal]:
    # One call for both sides: accounts are made in one order whoever makes them.
    ids = ledger.open_accounts(
        [
            ledger.AccountName(ledger.Code.SPOT, request.amount.asset, owner_id=request.account_id)
            for request in requests
        ]
        + [ledger.AccountName(ledger.Code.HOT_WALLET, request.amount.asset) for request in requests]
    )
    spots, hot_wallets = ids[: len(requests)], ids[len(requests) :]
    return [
        postings.credit(
            key=request.key, hot_wallet_id=hot_wallet_id, spot_id=spot_id, amount=request.amount
        )
        for request, spot_id, hot_wallet_id in zip(requests, spots, hot_wallets, strict=True)
    ]
