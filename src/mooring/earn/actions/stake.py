"""Stake: give an asset and get tokens for it, at the ratio of the moment, many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from mooring.accounts import api as accounts
from mooring.earn import errors, liquid_errors, postings
from mooring.earn.actions.batches import CarriedOut, carry_out, carry_out_one
from mooring.earn.actions.liquid_positions import conversion_accounts, open_liquid_positions
from mooring.earn.actions.quotas import lock_quotas
from mooring.earn.actions.sources import Purse, read_purses
from mooring.earn.actions.subscription_requests import Subscription, digest_of
from mooring.earn.facts import ProductView, WindowView
from mooring.earn.queries.holdings import principals_held
from mooring.earn.queries.liquid import ratios_at
from mooring.earn.queries.products import list_products
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules.keys import check_key
from mooring.earn.rules.liquid import Staked, tokens_for, worth_of
from mooring.earn.rules.subscription import check_subscription
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.group_commit import GroupCommit
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class StakingDone(CarriedOut):
    """
    Staking that was carried out; `replayed` if it had been before.

    Args:
        cost: what was taken, at most what was asked for; tokens: what was given for it.
    """

    subscription_id: int
    position_id: int
    cost: Amount
    tokens: Amount
    ratio: Decimal


@dataclass(slots=True, kw_only=True)
class _Decided:
    request: Subscription
    product: ProductView
    bought: Staked
    from_funding: Decimal


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What a batch knows and what it will write."""

    open_accounts: frozenset[int]
    products: dict[str, ProductView]
    ratios: dict[int, Decimal]
    #: Tokens by account and product, and of all customers where the terms bound that.
    held: dict[tuple[int, int], Decimal]
    held_total: dict[int, Decimal]
    countries: dict[int, str]
    purses: dict[tuple[int, str], Purse]
    windows: dict[int, tuple[WindowView, ...]]
    seen: dict[tuple[int, str], tuple[str, StakingDone | int]]
    decided: list[_Decided] = field(default_factory=list)


@db.transaction
def stake(requests: Sequence[Subscription], *, at: datetime) -> list[StakingDone | Refusal]:
    """
    Move an asset from wallets to the platform, and give tokens for it into spot.

    Of the amount is taken what the tokens cost: they have 8 decimals, and what they do not cost
    stays in the wallet. A refused request changes nothing and leaves the others be.

    Args:
        requests: in order, of liquid staking products; one is a batch of one.
        at: when the customers asked, UTC; its ratio is that of the request.

    Returns:
        One outcome per request: what happened, or AccountNotOpen, ProductNotFound,
        LiquidStakingOnly, RatioNotKnown, InsufficientFunds, KeyReused or a refusal of
        `rules.subscription`.

    Source: EARN-15; domain rules §2.4, §7.3.
    """
    batch = _load(requests, at=at)
    return carry_out(
        requests,
        decide=lambda request: _decide(batch, request),
        write=lambda: _write(batch, at=at),
    )


def stake_one(request: Subscription, *, at: datetime) -> StakingDone:
    """
    Stake together with the requests of other threads, in one commit.

    Raises:
        Refusal: as `stake` returns.
    """
    return carry_out_one(_QUEUE, request, at=at)


_QUEUE: GroupCommit[Subscription, StakingDone | Refusal] = GroupCommit(
    lambda requests, at: stake(requests, at=at)
)


def _load(requests: Sequence[Subscription], *, at: datetime) -> _Batch:
    open_accounts = accounts.lock_open(request.account_id for request in requests)
    codes = {request.product_code for request in requests}
    products = {product.code: product for product in list_products(at=at, codes=sorted(codes))}
    liquid = [product for product in products.values() if product.kind == "LIQUID"]
    pairs = {
        (request.account_id, product.id): product
        for request in requests
        if (product := products.get(request.product_code)) and product.kind == "LIQUID"
    }
    asks = any(product.terms.excluded_countries for product in liquid)
    return _Batch(
        open_accounts=open_accounts,
        products=products,
        ratios=ratios_at((product.id for product in liquid), at=at),
        held=principals_held(pairs),
        held_total=lock_quotas(liquid),
        countries=accounts.find_countries(account for account, _ in pairs) if asks else {},
        purses=read_purses((account, product.asset) for (account, _), product in pairs.items()),
        windows=windows_at((product.id for product in liquid), at=at),
        seen=_outcomes_before(requests),
    )


def _decide(batch: _Batch, request: Subscription) -> StakingDone | int:
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
    if product.kind != "LIQUID":
        raise liquid_errors.LiquidStakingOnly(product_code=product.code)
    ratio = batch.ratios.get(product.id)
    if ratio is None:
        raise liquid_errors.RatioNotKnown(product_code=product.code)
    pair = (request.account_id, product.id)
    held = batch.held.get(pair, Decimal(0))
    held_total = batch.held_total.get(product.id, Decimal(0))
    check_subscription(
        product,
        amount=request.amount,
        held=worth_of(held, ratio=ratio),
        held_total=worth_of(held_total, ratio=ratio),
        country=batch.countries.get(request.account_id, ""),
        windows=batch.windows.get(product.id, ()),
    )
    bought = tokens_for(request.amount.number, ratio=ratio)
    if not bought.tokens:
        raise errors.BelowMinimum(amount=request.amount, minimum=Amount(ratio, product.asset))
    purse = batch.purses[request.account_id, product.asset]
    from_funding = purse.take(bought.cost, request.source)
    batch.held[pair] = held + bought.tokens
    if product.id in batch.held_total:
        batch.held_total[product.id] = held_total + bought.tokens
    place = len(batch.decided)
    batch.decided.append(
        _Decided(request=request, product=product, bought=bought, from_funding=from_funding)
    )
    batch.seen[request.account_id, request.key] = (digest_of(request), place)
    return place


def _write(batch: _Batch, *, at: datetime) -> list[StakingDone]:
    """Open, post and remember what was decided; return outcomes in order of the decisions."""
    if not batch.decided:
        return []
    owners = [(one.request.account_id, one.product) for one in batch.decided]
    positions = open_liquid_positions(owners, at=at)
    ledger.post(_journals(batch, positions), at=at)
    ids = _insert(batch, [positions[account, product.id][0] for account, product in owners], at=at)
    return [
        StakingDone(
            subscription_id=id_,
            position_id=positions[account, product.id][0],
            cost=Amount(one.bought.cost, product.asset),
            tokens=Amount(one.bought.tokens, product.token or ""),
            ratio=batch.ratios[product.id],
            replayed=False,
        )
        for id_, one, (account, product) in zip(ids, batch.decided, owners, strict=True)
    ]


def _journals(
    batch: _Batch, positions: dict[tuple[int, int], tuple[int, int]]
) -> list[ledger.Journal]:
    clearing = conversion_accounts(
        code for one in batch.decided for code in (one.product.asset, one.product.token or "")
    )
    journals = []
    for one in batch.decided:
        request, product, token = one.request, one.product, one.product.token or ""
        purse = batch.purses[request.account_id, product.asset]
        journals.append(
            postings.staked(
                key=f"earn.subscribe:{request.account_id}.{request.key}",
                conversion=postings.Conversion(
                    asset=product.asset,
                    token=token,
                    tokens=one.bought.tokens,
                    cleared=(clearing[product.asset], clearing[token]),
                ),
                payment=postings.Payment(
                    spot=purse.spot,
                    funding=purse.funding,
                    amount=one.bought.cost,
                    from_funding=one.from_funding,
                ),
                wallet=positions[request.account_id, product.id][1],
            )
        )
    return journals


def _outcomes_before(
    requests: Sequence[Subscription],
) -> dict[tuple[int, str], tuple[str, StakingDone | int]]:
    found = db.rows(
        "SELECT done.account_id, done.request_key, done.digest, done.id, done.position_id,"
        "  done.amount, coalesce(done.tokens, 0), coalesce(done.ratio, 0), product.asset,"
        "  coalesce(product.token, product.asset)"
        " FROM unnest(%s::bigint[], %s::text[]) AS t (account_id, request_key)"
        " CROSS JOIN LATERAL (SELECT * FROM earn_subscription"
        "  WHERE account_id = t.account_id AND request_key = t.request_key OFFSET 0) AS done"
        " INNER JOIN earn_position AS position ON position.id = done.position_id"
        " INNER JOIN earn_product AS product ON product.id = position.product_id",
        [
            db.array([request.account_id for request in requests]),
            [request.key for request in requests],
        ],
    )
    return {
        (account_id, key): (
            digest,
            StakingDone(
                subscription_id=id_,
                position_id=position_id,
                cost=Amount(cost, asset),
                tokens=Amount(tokens, token),
                ratio=ratio,
                replayed=True,
            ),
        )
        for account_id, key, digest, id_, position_id, cost, tokens, ratio, asset, token in found
    }


def _insert(batch: _Batch, positions: Sequence[int], *, at: datetime) -> list[int]:
    """Remember what was staked and return the ids, in order."""
    decided = batch.decided
    found = db.rows(
        "INSERT INTO earn_subscription (account_id, position_id, request_key, digest, amount,"
        "  from_funding, tokens, ratio, consent_version, subscribed_at)"
        " SELECT t.*, %s FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[],"
        "  %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[], %s::text[]) AS t"
        " RETURNING id",
        [
            at,
            db.array([one.request.account_id for one in decided]),
            db.array(positions),
            db.array([one.request.key for one in decided]),
            db.array([digest_of(one.request) for one in decided]),
            db.array([one.bought.cost for one in decided]),
            db.array([one.from_funding for one in decided]),
            db.array([one.bought.tokens for one in decided]),
            db.array([batch.ratios[one.product.id] for one in decided]),
            db.array([one.request.consent_version for one in decided]),
        ],
    )
    return [id_ for (id_,) in found]
