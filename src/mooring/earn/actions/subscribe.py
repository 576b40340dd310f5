"""Subscribe: put money from spot into products, many at a time."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from mooring.accounts import api as accounts
from mooring.earn import errors, postings
from mooring.earn.actions.batches import CarriedOut, carry_out, carry_out_one
from mooring.earn.actions.crediting import Rewards, platform_accounts
from mooring.earn.actions.daily_booking import Daily, read_daily
from mooring.earn.actions.holdings import lock_positions, store_positions
from mooring.earn.actions.opening import new_position, open_positions
from mooring.earn.facts import ProductView, WindowView
from mooring.earn.queries.holdings import growths_at, principals_held
from mooring.earn.queries.products import list_products
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules import dates, rewards
from mooring.earn.rules.keys import check_key
from mooring.earn.rules.redemption import Holding
from mooring.earn.rules.subscription import check_subscription
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.group_commit import GroupCommit
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """
    A customer puts money into a product.

    Args:
        amount: in the product's asset; moved whole, never rounded.
        key: the caller's own, unique per account: 1 to 100 letters, digits and `._+-`.
    """

    account_id: int
    product_code: str
    amount: Amount
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed(CarriedOut):
    """A subscription that was carried out; `replayed` if it had been before."""

    subscription_id: int
    position_id: int


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
    #: Spot by account and asset: the account of the book and what is left in it.
    spot: dict[tuple[int, str], tuple[int, Decimal]]
    seen: dict[tuple[int, str], tuple[str, Subscribed | int]]
    daily: Daily
    windows: dict[int, tuple[WindowView, ...]]
    rewards: Rewards = field(default_factory=Rewards)
    decided: list[tuple[Subscription, Holding]] = field(default_factory=list)
    opened: list[Holding] = field(default_factory=list)


@db.transaction
def subscribe(requests: Sequence[Subscription], *, at: datetime) -> list[Subscribed | Refusal]:
    """
    Move money from spot into products, opening positions where there are none.

    A flexible subscription joins the live position of its product; a locked one opens a
    position of its own. A request sees what the ones before it did; a refused one changes
    nothing and leaves the others be.

    Args:
        requests: in order; one is a batch of one.
        at: when the customers asked, UTC. Flexible earns from this minute, locked from the
            next UTC midnight.

    Returns:
        One outcome per request: what happened, or AccountNotOpen, ProductNotFound,
        ledger.InsufficientFunds, KeyReused or a refusal of `rules.subscription`.

    Source: EARN-6, EARN-13, EARN-14; domain rules §1.1, §2.1.
    """
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
        spot=_spot(requests, products),
        seen=_seen(requests),
    )


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


def _spot(
    requests: Iterable[Subscription], products: dict[str, ProductView]
) -> dict[tuple[int, str], tuple[int, Decimal]]:
    wanted = sorted(
        {
            (request.account_id, product.asset)
            for request in requests
            if (product := products.get(request.product_code))
        }
    )
    found = db.rows(
        "SELECT account.owner_id, account.asset, account.id, account.balance"
        " FROM unnest(%s::bigint[], %s::text[]) AS t (owner_id, asset)"
        " INNER JOIN ledger_account AS account ON account.owner_id = t.owner_id"
        "  AND account.asset = t.asset AND account.code = 2110 AND account.reference = 0",
        [db.array([pair[0] for pair in wanted]), db.array([pair[1] for pair in wanted])],
    )
    return {(owner_id, asset): (id_, balance) for owner_id, asset, id_, balance in found}


def _seen(
    requests: Sequence[Subscription],
) -> dict[tuple[int, str], tuple[str, Subscribed | int]]:
    found = db.rows(
        "SELECT subscription.account_id, subscription.request_key, subscription.digest,"
        "  subscription.id, subscription.position_id"
        " FROM unnest(%s::bigint[], %s::text[]) AS t (account_id, request_key)"
        # One descent of the unique index for each key, whatever the statistics say.
        " CROSS JOIN LATERAL (SELECT * FROM earn_subscription"
        "  WHERE account_id = t.account_id AND request_key = t.request_key OFFSET 0)"
        "  AS subscription",
        [
            db.array([request.account_id for request in requests]),
            [request.key for request in requests],
        ],
    )
    return {
        (account_id, key): (
            digest,
            Subscribed(subscription_id=id_, position_id=position_id, replayed=True),
        )
        for account_id, key, digest, id_, position_id in found
    }


def _decide(batch: _Batch, request: Subscription, *, at: datetime) -> Subscribed | int:
    """Decide one request; return its place in the batch, or what its key did before."""
    if request.account_id not in batch.open_accounts:
        raise accounts.AccountNotOpen(account_id=request.account_id)
    check_key(request.key)
    before = batch.seen.get((request.account_id, request.key))
    if before is not None:
        if before[0] != _digest(request):
            raise ledger.KeyReused
        return before[1]
    product = batch.products.get(request.product_code)
    if product is None:
        raise errors.ProductNotFound(product_code=request.product_code)
    pair = (request.account_id, product.id)
    held = batch.held.get(pair, Decimal(0))
    check_subscription(
        product,
        amount=request.amount,
        held=held,
        windows=batch.windows.get(product.id, ()),
    )
    spot, available = batch.spot.get((request.account_id, product.asset), (0, Decimal(0)))
    if request.amount.number > available:
        raise ledger.InsufficientFunds
    batch.spot[request.account_id, product.asset] = (spot, available - request.amount.number)
    batch.held[pair] = held + request.amount.number
    live = batch.live.get(pair)
    holding = _holding_for(batch, request, product, live, spot=spot, at=at)
    holding.principal += request.amount.number
    holding.version += 1
    place = len(batch.decided)
    batch.decided.append((request, holding))
    batch.seen[request.account_id, request.key] = (_digest(request), place)
    return place


def _holding_for(
    batch: _Batch,
    request: Subscription,
    product: ProductView,
    live: Holding | None,
    *,
    spot: int,
    at: datetime,
) -> Holding:
    """Return the position that the money joins: the live one, up to date, or a new one."""
    if live is None:
        holding = new_position(product, account_id=request.account_id, spot=spot, at=at)
        batch.opened.append(holding)
        if product.kind == "FLEXIBLE":
            holding.growth = batch.growths[product.id]
            batch.live[request.account_id, product.id] = holding
        return holding
    batch.daily.book(live)
    minute = max(dates.minute_of(at), live.accrued_minute)
    growth = batch.growths[product.id] if minute > live.accrued_minute else live.growth
    earned = rewards.accrue(
        balance=live.earning, carry=live.carry, growth_from=live.growth, growth_to=growth
    )
    live.principal += earned.credited
    live.credited_total += earned.credited
    live.accrued_minute, live.growth, live.carry = minute, growth, earned.carry
    batch.rewards.credit(live, earned.credited)
    return live


def _write(batch: _Batch, *, at: datetime) -> list[Subscribed]:
    """Open, post and remember what was decided; return outcomes in order of the decisions."""
    if not batch.decided:
        return []
    open_positions(batch.opened, at=at)
    ledger.post(_journals(batch), at=at)
    store_positions({holding.id: holding for _, holding in batch.decided}.values(), at=at)
    ids = _remember_subscriptions(batch, at=at)
    return [
        Subscribed(subscription_id=id_, position_id=holding.id, replayed=False)
        for id_, (_, holding) in zip(ids, batch.decided, strict=True)
    ]


def _journals(batch: _Batch) -> list[ledger.Journal]:
    journals = [
        postings.subscription(
            key=f"earn.subscribe:{request.account_id}.{request.key}",
            kind=f"EARN_SUBSCRIBE_{holding.kind}",
            asset=holding.asset,
            spot=holding.spot,
            principal=holding.principal_account,
            amount=request.amount.number,
        )
        for request, holding in batch.decided
    ]
    first = batch.decided[0][0]
    rewards = batch.rewards.journals(
        f"earn.reward:s.{first.account_id}.{first.key}",
        platform_accounts({holding.asset for _, holding in batch.decided}),
    )
    daily = batch.daily.journals(f"earn.daily:s.{first.account_id}.{first.key}")
    return [*rewards, *daily, *journals]


def _remember_subscriptions(batch: _Batch, *, at: datetime) -> list[int]:
    found = db.rows(
        "INSERT INTO earn_subscription (account_id, position_id, request_key, digest, amount,"
        "  subscribed_at)"
        " SELECT t.*, %s FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[],"
        "  %s::numeric[]) AS t RETURNING id",
        [
            at,
            db.array([request.account_id for request, _ in batch.decided]),
            db.array([holding.id for _, holding in batch.decided]),
            db.array([request.key for request, _ in batch.decided]),
            db.array([_digest(request) for request, _ in batch.decided]),
            db.array([request.amount.number for request, _ in batch.decided]),
        ],
    )
    return [id_ for (id_,) in found]


def _digest(request: Subscription) -> str:
    text = f"{request.product_code}|{request.amount}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
