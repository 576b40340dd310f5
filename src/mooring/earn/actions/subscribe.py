"""Subscribe: put money from wallets into products, many at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from mooring.accounts import api as accounts
from mooring.earn import errors, liquid_errors, postings
from mooring.earn.actions.accruing import accrue_to
from mooring.earn.actions.batches import carry_out, carry_out_one
from mooring.earn.actions.crediting import Rewards, platform_accounts
from mooring.earn.actions.daily_booking import Daily, read_daily
from mooring.earn.actions.holdings import lock_positions, store_positions
from mooring.earn.actions.opening import new_position, open_positions
from mooring.earn.actions.quotas import lock_quotas
from mooring.earn.actions.run_queued import keep_open
from mooring.earn.actions.sources import Purse, read_purses
from mooring.earn.actions.subscription_requests import (
    Decided,
    Subscribed,
    Subscription,
    digest_of,
    insert_subscriptions,
    outcomes_before,
)
from mooring.earn.facts import ProductView, WindowView
from mooring.earn.queries.endings import flexible_product_of
from mooring.earn.queries.holdings import growths_at, principals_held
from mooring.earn.queries.products import list_products
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules import dates
from mooring.earn.rules.carrying_on import check_ending
from mooring.earn.rules.keys import check_key
from mooring.earn.rules.redemption import Holding
from mooring.earn.rules.subscription import check_subscription
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.group_commit import GroupCommit
from mooring.ledger import api as ledger


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What a batch knows and what it will write."""

    open_accounts: frozenset[int]
    products: dict[str, ProductView]
    growths: dict[int, Decimal]
    #: Live flexible positions by account and product; new ones join them.
    live: dict[tuple[int, int], Holding]
    #: What customers hold, by account and product: a quota counts all their positions.
    held: dict[tuple[int, int], Decimal]
    #: What all customers hold in products whose terms bound it.
    held_total: dict[int, Decimal]
    #: Where customers live, as far as that is known.
    countries: dict[int, str]
    #: What can pay, by account and asset.
    purses: dict[tuple[int, str], Purse]
    seen: dict[tuple[int, str], tuple[str, Subscribed | int]]
    daily: Daily
    windows: dict[int, tuple[WindowView, ...]]
    #: Assets that have a flexible product, of those that somebody wants to end in one.
    with_flexible: frozenset[str]
    rewards: Rewards = field(default_factory=Rewards)
    decided: list[Decided] = field(default_factory=list)
    opened: list[Holding] = field(default_factory=list)


@db.transaction
def subscribe(requests: Sequence[Subscription], *, at: datetime) -> list[Subscribed | Refusal]:
    """
    Move money from wallets into products, opening positions where there are none.

    A flexible subscription joins the live position of its product; a locked one opens a
    position of its own. A request sees what the ones before it did; a refused one changes
    nothing and leaves the others be.

    Args:
        requests: in order; one is a batch of one.
        at: when the customers asked, UTC. Flexible earns from this minute, locked from the
            next UTC midnight.

    Returns:
        One outcome per request: what happened, or AccountNotOpen, ProductNotFound,
        ledger.InsufficientFunds, KeyReused or a refusal of `rules.subscription` or of
        `rules.carrying_on.check_ending`.

    Source: EARN-6, EARN-13, EARN-14; domain rules §1.1, §2.1.
    """
    return subscribe_within(requests, at=at)


@db.transaction_required
def subscribe_within(
    requests: Sequence[Subscription], *, at: datetime
) -> list[Subscribed | Refusal]:
    """Do what `subscribe` does inside the transaction of another action of Earn."""
    batch = _load(requests, at=at)
    return carry_out(
        requests,
        decide=lambda request: _decide(batch, request, at=at),
        write=lambda: _write(batch, at=at),
    )


def subscribe_one(request: Subscription, *, at: datetime) -> Subscribed:
    """
    Subscribe together with the requests of other threads, in one commit.

    Raises:
        Refusal: as `subscribe` returns.
    """
    return carry_out_one(_QUEUE, request, at=at)


_QUEUE: GroupCommit[Subscription, Subscribed | Refusal] = GroupCommit(
    lambda requests, at: subscribe(requests, at=at)
)


def _load(requests: Sequence[Subscription], *, at: datetime) -> _Batch:
    open_accounts = accounts.lock_open(request.account_id for request in requests)
    codes = {request.product_code for request in requests}
    products = {product.code: product for product in list_products(at=at, codes=sorted(codes))}
    flexible = [product.id for product in products.values() if product.kind == "FLEXIBLE"]
    live = _live(requests, products)
    return _Batch(
        open_accounts=open_accounts,
        products=products,
        growths=growths_at(flexible, minute=dates.minute_of(at)),
        live=live,
        daily=read_daily(live.values(), at=at),
        windows=windows_at((product.id for product in products.values()), at=at),
        held=principals_held(
            (request.account_id, product.id)
            for request in requests
            if (product := products.get(request.product_code))
        ),
        held_total=lock_quotas(products.values()),
        countries=_countries(requests, products.values()),
        purses=read_purses(
            (request.account_id, product.asset)
            for request in requests
            if (product := products.get(request.product_code))
        ),
        seen=outcomes_before(requests),
        with_flexible=_with_flexible(requests, products, at=at),
    )


def _with_flexible(
    requests: Iterable[Subscription], products: dict[str, ProductView], *, at: datetime
) -> frozenset[str]:
    wanted = {
        product.asset
        for request in requests
        if request.redeem_to == "FLEXIBLE" and (product := products.get(request.product_code))
    }
    return frozenset(asset for asset in wanted if flexible_product_of(asset, at=at) is not None)


def _countries(requests: Iterable[Subscription], products: Iterable[ProductView]) -> dict[int, str]:
    """Return where customers live, if a product asks for that."""
    if not any(product.terms.excluded_countries for product in products):
        return {}
    return accounts.find_countries(request.account_id for request in requests)


def _live(
    requests: Iterable[Subscription], products: dict[str, ProductView]
) -> dict[tuple[int, int], Holding]:
    pairs = sorted(
        {
            (request.account_id, product.id)
            for request in requests
            if (product := products.get(request.product_code)) and product.kind == "FLEXIBLE"
        }
    )
    found = db.rows(
        "SELECT position.id FROM unnest(%s::bigint[], %s::bigint[]) AS t (account_id, product_id)"
        " INNER JOIN earn_position AS position USING (account_id, product_id)"
        " WHERE position.status = 'HOLDING'",
        [db.array([pair[0] for pair in pairs]), db.array([pair[1] for pair in pairs])],
    )
    holdings = lock_positions(position_id for (position_id,) in found)
    return {(holding.account_id, holding.product_id): holding for holding in holdings.values()}


def _decide(batch: _Batch, request: Subscription, *, at: datetime) -> Subscribed | int:
    """Decide one request; return its place in the batch, or what its key did before."""
    if request.account_id not in batch.open_accounts:
        raise accounts.AccountNotOpen(account_id=request.account_id)
    check_key(request.key)
    before = batch.seen.get((request.account_id, request.key))
    if before is not None:
        if before[0] != digest_of(request):
            raise ledger.KeyReused
        return before[1]
    product = batch.products.get(request.product_code)
    if product is None:
        raise errors.ProductNotFound(product_code=request.product_code)
    if product.kind == "LIQUID":
        raise liquid_errors.LiquidStakingOnly(product_code=product.code)
    pair = (request.account_id, product.id)
    held = batch.held.get(pair, Decimal(0))
    check_subscription(
        product,
        amount=request.amount,
        held=held,
        held_total=batch.held_total.get(product.id, Decimal(0)),
        country=batch.countries.get(request.account_id, ""),
        windows=batch.windows.get(product.id, ()),
    )
    number = request.amount.number
    purse = batch.purses[request.account_id, product.asset]
    check_ending(
        product,
        auto_renew=request.auto_renew,
        redeem_to=request.redeem_to,
        has_flexible=product.asset in batch.with_flexible,
    )
    from_funding = purse.take(number, request.source)
    batch.held[pair] = held + number
    if product.id in batch.held_total:
        batch.held_total[product.id] += number
    holding = _holding_for(batch, request, product, spot=purse.spot, at=at)
    holding.principal += number
    holding.version += 1
    place = len(batch.decided)
    batch.decided.append(Decided(request=request, holding=holding, from_funding=from_funding))
    batch.seen[request.account_id, request.key] = (digest_of(request), place)
    return place


def _holding_for(
    batch: _Batch, request: Subscription, product: ProductView, *, spot: int, at: datetime
) -> Holding:
    """Return the position that the money joins: the live one, up to date, or a new one."""
    live = batch.live.get((request.account_id, product.id))
    if live is None:
        holding = new_position(product, account_id=request.account_id, spot=spot, at=at)
        holding.auto_renew, holding.redeem_to = request.auto_renew, request.redeem_to
        batch.opened.append(holding)
        if product.kind == "FLEXIBLE":
            holding.growth = batch.growths[product.id]
            batch.live[request.account_id, product.id] = holding
        return holding
    batch.daily.book(live)
    accrue_to(live, growths=batch.growths, credit=batch.rewards, at=at)
    return live


def _write(batch: _Batch, *, at: datetime) -> list[Subscribed]:
    """Open, post and remember what was decided; return outcomes in order of the decisions."""
    if not batch.decided:
        return []
    open_positions(batch.opened, at=at)
    ledger.post(_journals(batch), at=at)
    holdings = {one.holding.id: one.holding for one in batch.decided}.values()
    store_positions(holdings, at=at)
    keep_open(holding.id for holding in holdings if holding.queued)
    ids = insert_subscriptions(batch.decided, at=at)
    return [
        Subscribed(subscription_id=id_, position_id=one.holding.id, replayed=False)
        for id_, one in zip(ids, batch.decided, strict=True)
    ]


def _journals(batch: _Batch) -> list[ledger.Journal]:
    first = batch.decided[0].request
    rewards = batch.rewards.journals(
        f"earn.reward:s.{first.account_id}.{first.key}",
        platform_accounts({one.holding.asset for one in batch.decided}),
    )
    daily = batch.daily.journals(f"earn.daily:s.{first.account_id}.{first.key}")
    return [*rewards, *daily, *(_journal(batch, one) for one in batch.decided)]


def _journal(batch: _Batch, one: Decided) -> ledger.Journal:
    request, holding = one.request, one.holding
    purse = batch.purses[request.account_id, holding.asset]
    return postings.subscription(
        key=f"earn.subscribe:{request.account_id}.{request.key}",
        kind=f"EARN_SUBSCRIBE_{holding.kind}",
        asset=holding.asset,
        payment=postings.Payment(
            spot=purse.spot,
            funding=purse.funding,
            amount=request.amount.number,
            from_funding=one.from_funding,
        ),
        principal=holding.principal_account,
    )
