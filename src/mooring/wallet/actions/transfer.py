"""Move what a customer has from one of their wallets to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.money import DECIMALS_MAX, Amount
from mooring.ledger import api as ledger
from mooring.wallet import errors, postings, rules
from mooring.wallet.actions.posting import post_each
from mooring.wallet.facts import Wallet

_CODES: Final = {"SPOT": ledger.Code.SPOT, "FUNDING": ledger.Code.FUNDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """
    A customer moves so much from one wallet to another.

    Args:
        key: the caller's own, unique per account; 1 to 100 letters, digits and `._:+-`.
    """

    account_id: int
    amount: Amount
    source: Wallet
    target: Wallet
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """Where a transfer stands in the book, and whether it stood there before."""

    journal_id: int
    replayed: bool


@db.transaction
def transfer(requests: Sequence[Transfer], *, at: datetime) -> list[Transferred | Refusal]:
    """
    Move each amount between its customer's wallets, or decline it, in order.

    Args:
        at: when the customers asked, UTC.

    Returns:
        One outcome per request. The same key with the same request is answered with the first
        journal and moves nothing.

    Refuses:
        AccountNotOpen: the account is absent or closed.
        UnknownAsset: the platform does not hold this asset.
        SameWallet, AmountNotPositive, TooManyDecimals, KeyMalformed.
        InsufficientFunds: the wallet does not have that much.
        KeyReused: the key came before with another request.
    """
    open_ids = accounts.lock_open(request.account_id for request in requests)
    known = {asset.code for asset in assets.list_assets()}
    outcomes: dict[int, Transferred | Refusal] = {
        number: refusal
        for number, request in enumerate(requests)
        if (refusal := _declined(request, open_ids, known)) is not None
    }
    accepted = {n: request for n, request in enumerate(requests) if n not in outcomes}
    posted = post_each(_journals(list(accepted.values())), at=at)
    outcomes |= dict(zip(accepted, map(_outcome, posted), strict=True))
    return [outcomes[number] for number in range(len(requests))]


def transfer_one(request: Transfer, *, at: datetime) -> Transferred:
    """
    Move one amount.

    Raises:
        Refusal: as `transfer` returns.
    """
    [outcome] = transfer([request], at=at)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _declined(request: Transfer, open_ids: frozenset[int], known: set[str]) -> Refusal | None:
    if request.account_id not in open_ids:
        return accounts.AccountNotOpen(account_id=request.account_id)
    if request.amount.asset not in known:
        return assets.UnknownAsset(asset=request.amount.asset)
    if request.source == request.target:
        return errors.SameWallet()
    try:
        rules.check_movement(amount=request.amount, decimals_max=DECIMALS_MAX, key=request.key)
    except Refusal as refusal:
        return refusal
    return None


def _journals(requests: Sequence[Transfer]) -> list[ledger.Journal]:
    names = [
        ledger.AccountName(_CODES[wallet], request.amount.asset, owner_id=request.account_id)
        for request in requests
        for wallet in (request.source, request.target)
    ]
    ids = ledger.open_accounts(names)
    return [
        postings.transfer(
            key=f"{request.account_id}.{request.key}",
            source_id=source_id,
            target_id=target_id,
            amount=request.amount,
        )
        for request, source_id, target_id in zip(requests, ids[::2], ids[1::2], strict=True)
    ]


def _outcome(posted: ledger.Posted | Refusal) -> Transferred | Refusal:
    if isinstance(posted, Refusal):
        return posted
    return Transferred(journal_id=posted.journal_id, replayed=posted.replayed)
