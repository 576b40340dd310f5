"""Redeem: take money out of positions, many at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from mooring.accounts import api as accounts
from mooring.earn import errors, liquid_errors, postings
from mooring.earn.actions.batches import carry_out, carry_out_one
from mooring.earn.actions.crediting import PlatformAccounts, Rewards, platform_accounts
from mooring.earn.actions.daily_booking import Daily, read_daily
from mooring.earn.actions.daily_exits import lock_ways_out, store_daily_exits
from mooring.earn.actions.destinations import open_wallets, wallet_of
from mooring.earn.actions.holdings import lock_positions, store_positions
from mooring.earn.actions.redemption_requests import (
    Redeemed,
    Redemption,
    digest_of,
    outcomes_before,
)
from mooring.earn.actions.redemption_rows import RedemptionRow, insert_redemptions
from mooring.earn.queries.holdings import growths_at
from mooring.earn.queries.purses import read_purses_of_rewards
from mooring.earn.queries.ways_out import WaysOut
from mooring.earn.rules import claw_back, dates
from mooring.earn.rules.flexible_exit import leave_flexible
from mooring.earn.rules.keys import check_key
from mooring.earn.rules.redemption import (
    Holding,
    Leaving,
    check_leaving,
    check_quote,
    leave_locked,
)
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.group_commit import GroupCommit
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What a batch knows and what it will write."""

    #: The minute of the request, for who brings no quote.
    minute: int
    open_accounts: frozenset[int]
    holdings: dict[int, Holding]
    growths: dict[tuple[int, int], Decimal]
    daily: Daily
    ways: WaysOut
    #: By position, where rewards are in another asset: what they are taken back from.
    purses: dict[int, claw_back.Purse]
    #: By account and key: the digest of the request, and its outcome or its place in the batch.
    seen: dict[tuple[int, str], tuple[str, Redeemed | int]]
    decided: list[tuple[Redemption, Holding, Leaving]] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)


@db.transaction
def redeem(requests: Sequence[Redemption], *, at: datetime) -> list[Redeemed | Refusal]:
    """
    Take money out of positions: flexible at once or the way asked for, locked after its delivery.

    One transaction, one posting and one statement per table for all requests; a request sees
    what the ones before it did. A refused request changes nothing and leaves the others be.

    Args:
        requests: in order; one is a batch of one.
        at: when the customers asked, UTC.

    Returns:
        One outcome per request: what happened, or why it did not. Refusals are
        AccountNotOpen, PositionNotFound, KeyReused and those of `rules.redemption`.

    Source: EARN-3…7; domain rules §1.3, §2.2, §7.3.
    """
    batch = _load(requests, at=at)
    return carry_out(
        requests,
        decide=lambda request: _decide(batch, request, at=at),
        write=lambda: _write(batch, at=at),
    )


def redeem_one(request: Redemption, *, at: datetime) -> Redeemed:
    """
    Redeem together with the requests of other threads, in one commit.

    Raises:
        Refusal: as `redeem` returns.
    """
    return carry_out_one(_QUEUE, request, at=at)


_QUEUE: GroupCommit[Redemption, Redeemed | Refusal] = GroupCommit(
    lambda requests, at: redeem(requests, at=at)
)


def _load(requests: Sequence[Redemption], *, at: datetime) -> _Batch:
    open_accounts = accounts.lock_open(request.account_id for request in requests)
    holdings = lock_positions(request.position_id for request in requests)
    open_wallets(requests, holdings)
    minute = dates.minute_of(at)
    return _Batch(
        minute=minute,
        open_accounts=open_accounts,
        holdings=holdings,
        growths=_growths(requests, holdings, minute=minute),
        daily=read_daily(holdings.values(), at=at),
        ways=lock_ways_out(holdings.values(), at=at),
        purses=read_purses_of_rewards(holdings.values(), at=at),
        seen=outcomes_before(requests),
    )


def _growths(
    requests: Iterable[Redemption], holdings: dict[int, Holding], *, minute: int
) -> dict[tuple[int, int], Decimal]:
    """Growths by product and minute: a quote's rewards run to the quote's own minute."""
    wanted: dict[int, set[int]] = {}
    for request in requests:
        holding = holdings.get(request.position_id)
        if holding is not None and holding.kind == "FLEXIBLE":
            wanted.setdefault(_minute(request, minute), set()).add(holding.product_id)
    return {
        (product_id, until): growth
        for until, products in wanted.items()
        for product_id, growth in growths_at(products, minute=until).items()
    }


def _minute(request: Redemption, minute: int) -> int:
    return minute if request.quote is None else request.quote.minute


def _decide(batch: _Batch, request: Redemption, *, at: datetime) -> Redeemed | int:
    """Decide one request; return its place in the batch, or what its key did before."""
    if request.account_id not in batch.open_accounts:
        raise accounts.AccountNotOpen(account_id=request.account_id)
    check_key(request.key)
    holding = batch.holdings.get(request.position_id)
    if holding is None or holding.account_id != request.account_id:
        raise errors.PositionNotFound(position_id=request.position_id)
    digest = digest_of(request)
    before = batch.seen.get((request.account_id, request.key))
    if before is not None:
        if before[0] != digest:
            raise ledger.KeyReused
        return before[1]
    leaving = _leaving(batch, holding, request, at=at)
    if request.quote is not None:
        check_leaving(request.quote, leaving)
    _leave(batch, holding, leaving)
    place = len(batch.decided)
    batch.decided.append((request, holding, leaving))
    batch.digests.append(digest)
    batch.seen[request.account_id, request.key] = (digest, place)
    return place


def _leaving(batch: _Batch, holding: Holding, request: Redemption, *, at: datetime) -> Leaving:
    if holding.kind == "LIQUID":
        raise liquid_errors.LiquidStakingOnly(product_code=holding.product_code)
    amount = request.amount
    if amount is not None and amount.asset != holding.asset:
        raise errors.WrongAsset(asset=holding.asset)
    if request.quote is not None:
        check_quote(request.quote, holding, destination=request.destination, at=at)
    number = None if amount is None else amount.number
    if holding.kind == "LOCKED":
        closed_until = batch.ways.closed.get(holding.product_id)
        purse = _purse(batch, holding, request)
        return leave_locked(holding, amount=number, at=at, closed_until=closed_until, purse=purse)
    minute = max(_minute(request, batch.minute), holding.accrued_minute)
    growth = batch.growths.get((holding.product_id, minute), holding.growth)
    way = batch.ways.way(holding, request.speed)
    return leave_flexible(holding, amount=number, growth=growth, minute=minute, at=at, way=way)


def _purse(batch: _Batch, holding: Holding, request: Redemption) -> claw_back.Purse:
    """Return what rewards come back from, at the price that the customer was shown."""
    purse = batch.purses.get(holding.id, claw_back.Purse())
    apart = None if request.quote is None else request.quote.rewards_apart
    if apart is None or apart.price is None:
        return purse
    return replace(purse, price=apart.price)


def _take_back(batch: _Batch, holding: Holding, leaving: Leaving) -> None:
    """Let the rest of the batch see the spot wallet that rewards were taken back from."""
    if not leaving.reward_deducted or leaving.reward_price is not None:
        return
    account = batch.purses[holding.id].account
    for id_, purse in batch.purses.items():
        if purse.account == account:
            batch.purses[id_] = replace(purse, in_spot=purse.in_spot - leaving.reward_deducted)


def _leave(batch: _Batch, holding: Holding, leaving: Leaving) -> None:
    """Let the rest of the batch see the position as it is after this."""
    batch.daily.book(holding)
    holding.principal += leaving.credited - leaving.amount
    holding.credited_total += leaving.credited
    holding.version += 1
    if holding.kind == "FLEXIBLE":
        _leave_flexible(batch, holding, leaving)
    else:
        _take_back(batch, holding, leaving)
        if leaving.whole:
            holding.status, holding.exit = "REDEEMING", leaving.type
    batch.daily.note(holding)
    if leaving.low_before is not None:
        leaving.low_after = holding.low


def _leave_flexible(batch: _Batch, holding: Holding, leaving: Leaving) -> None:
    holding.accrued_minute = leaving.minute
    holding.growth = leaving.growth
    holding.carry = leaving.carry
    if leaving.queued_because:
        holding.queued += leaving.amount
        holding.redeeming += leaving.amount
    elif leaving.speed == "STANDARD":
        holding.redeeming += leaving.net
        if holding.low_day == batch.ways.day:
            leaving.low_before = holding.low
    else:
        batch.ways.use(holding, leaving.amount)
    if leaving.ends:
        holding.status, holding.exit = "PAID", leaving.type


def _write(batch: _Batch, *, at: datetime) -> list[Redeemed]:
    """Post and remember what was decided; return the outcomes in the order of the decisions."""
    if not batch.decided:
        return []
    _open_redeeming(batch)
    ledger.post(_journals(batch), at=at)
    ids = insert_redemptions(
        [
            RedemptionRow(
                request_key=request.key,
                digest=digest,
                destination=request.destination,
                holding=holding,
                leaving=leaving,
                requested_at=at,
            )
            for digest, (request, holding, leaving) in zip(
                batch.digests, batch.decided, strict=True
            )
        ]
    )
    store_positions({holding.id: holding for _, holding, _ in batch.decided}.values(), at=at)
    store_daily_exits(batch.ways)
    return [
        Redeemed(
            redemption_id=redemption_id,
            type=leaving.type,
            status=leaving.redemption_status,
            net=Amount(leaving.net, holding.asset),
            arrives_from=leaving.arrives_from,
            arrives_until=leaving.arrives_until,
            replayed=False,
        )
        for redemption_id, (_, holding, leaving) in zip(ids, batch.decided, strict=True)
    ]


def _open_redeeming(batch: _Batch) -> None:
    """Make the accounts in which what leaves flexible positions waits, where there are none."""
    waiting = {
        holding.id: holding
        for _, holding, leaving in batch.decided
        if leaving.type == "FLEXIBLE" and leaving.redemption_status != "PAID"
    }
    missing = [holding for holding in waiting.values() if not holding.redeeming_account]
    ids = ledger.open_accounts(
        [
            ledger.AccountName(
                ledger.Code.EARN_FLEX_REDEEMING, holding.asset, holding.account_id, holding.id
            )
            for holding in missing
        ]
    )
    for holding, account_id in zip(missing, ids, strict=True):
        holding.redeeming_account = account_id


def _journals(batch: _Batch) -> list[ledger.Journal]:
    platform = _platform(batch)
    rewards = Rewards()
    for _, holding, leaving in batch.decided:
        rewards.credit(holding, leaving.credited)
        rewards.drop(holding, leaving.carry_dropped)
    first = batch.decided[0][0]
    return [
        *rewards.journals(f"earn.reward:{first.account_id}.{first.key}", platform),
        *batch.daily.journals(f"earn.daily:{first.account_id}.{first.key}"),
        *(_journal(batch, *decision, platform=platform) for decision in batch.decided),
    ]


def _platform(batch: _Batch) -> PlatformAccounts:
    """Return the platform's accounts that a batch posts to: none without rewards and fees."""
    if not any(
        leaving.type != "FLEXIBLE" or leaving.credited or leaving.carry_dropped or leaving.fee
        for _, _, leaving in batch.decided
    ):
        return {}
    platform = platform_accounts(
        {
            asset
            for _, holding, _ in batch.decided
            for asset in (holding.asset, holding.reward_asset)
        }
    )
    converted = {
        asset
        for _, holding, leaving in batch.decided
        if leaving.reward_price is not None
        for asset in (holding.asset, holding.reward_asset)
    }
    if not converted:
        return platform
    return {**platform, **platform_accounts(converted, codes=[ledger.Code.CONVERSION])}


def _journal(
    batch: _Batch,
    request: Redemption,
    holding: Holding,
    leaving: Leaving,
    *,
    platform: PlatformAccounts,
) -> ledger.Journal:
    key = f"earn.redeem:{request.account_id}.{request.key}"
    # Whoever pays no fee posts no line to it.
    fees = platform.get((ledger.Code.EARN_FEES, holding.asset), 0)
    if leaving.queued_because:
        return postings.queued(key=key, holding=holding, amount=leaving.amount)
    if leaving.speed == "STANDARD":
        return postings.standard_redemption(key=key, holding=holding, leaving=leaving, fees=fees)
    if leaving.type == "FLEXIBLE":
        destination = wallet_of(holding, request.destination)
        return postings.flexible_redemption(
            key=key, holding=holding, leaving=leaving, destination=destination, fees=fees
        )
    if leaving.type == "MATURE":
        return postings.matured(key=key, holding=holding, amount=leaving.amount)
    purse = batch.purses.get(holding.id, claw_back.Purse())
    return postings.early_redemption(
        key=key, holding=holding, leaving=leaving, platform=platform, reward_spot=purse.account
    )
