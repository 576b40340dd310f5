"""What subscribing means, before it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mooring.accounts import api as accounts
from mooring.earn import errors, liquid_errors
from mooring.earn.facts import ProductView, Source, SubscriptionQuote
from mooring.earn.queries.holdings import principals_held
from mooring.earn.queries.liquid import ratios_at, unbonding_at
from mooring.earn.queries.products import get_product
from mooring.earn.queries.quotas import in_assets, totals_in_assets
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules import dates, rewards
from mooring.earn.rules.liquid import Unbonding, tokens_for
from mooring.earn.rules.subscription import check_subscription, most, quota_left
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger


def quote_subscription(
    *,
    account_id: int,
    product_code: str,
    amount: Amount,
    at: datetime,
    source: Source = "SPOT",
) -> SubscriptionQuote:
    """
    Return what subscribing means: dates, rewards, and what is left of the quota.

    Raises:
        ProductNotFound, LiquidStakingOnly, ledger.InsufficientFunds and the refusals of
            `rules.subscription`.
    """
    product = get_product(code=product_code, at=at)
    if product.kind == "LIQUID":
        raise liquid_errors.LiquidStakingOnly(product_code=product.code)
    room = _room(account_id, product, source, at=at)
    check_subscription(
        product,
        amount=amount,
        held=room.held,
        held_total=room.held_total,
        country=accounts.find_countries([account_id]).get(account_id, ""),
        windows=windows_at([product.id], at=at).get(product.id, ()),
    )
    if amount.number > room.available:
        raise ledger.InsufficientFunds
    term = None
    if product.kind == "LOCKED":
        term = dates.locked_dates(
            purchased_at=at,
            duration_days=product.terms.duration_days or 0,
            redeem_period_days=product.terms.redeem_period_days,
        )

    def reward(days: int) -> Amount:
        number = rewards.locked_reward(principal=amount.number, apr=product.apr, days=days)
        return Amount(number, product.terms.reward_asset or product.asset)

    return SubscriptionQuote(
        product=product,
        amount=amount,
        available=Amount(room.available, product.asset),
        quota_left=quota_left(product, held=room.held, held_total=room.held_total),
        value_date=term.value_date if term else None,
        rewards_end=term.rewards_end if term else None,
        delivers_at=term.delivers_at if term else None,
        reward_daily=reward(1),
        rewards_total=reward(product.terms.duration_days or 0) if term else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StakingQuote:
    """
    What staking means, before it.

    Args:
        cost: what is taken, at most what was asked for; tokens: what is given for it.
        available: in the wallets that were asked for.
        unbonding: how long the chain takes to give back now; None where nothing is published.
    """

    product: ProductView
    cost: Amount
    tokens: Amount
    ratio: Decimal
    available: Amount
    unbonding: Unbonding | None


def quote_staking(
    *,
    account_id: int,
    product_code: str,
    amount: Amount,
    at: datetime,
    source: Source = "SPOT",
) -> StakingQuote:
    """
    Return what staking an amount would do now.

    Raises:
        ProductNotFound, LiquidStakingOnly, RatioNotKnown, ledger.InsufficientFunds and the
            refusals of `rules.subscription`: what staking would refuse, this refuses already.
    """
    product = get_product(code=product_code, at=at)
    if product.kind != "LIQUID" or product.token is None:
        raise liquid_errors.LiquidStakingOnly(product_code=product.code)
    ratio = ratios_at([product.id], at=at).get(product.id)
    if ratio is None:
        raise liquid_errors.RatioNotKnown(product_code=product.code)
    room = _room(account_id, product, source, at=at)
    check_subscription(
        product,
        amount=amount,
        held=room.held,
        held_total=room.held_total,
        country=accounts.find_countries([account_id]).get(account_id, ""),
        windows=windows_at([product.id], at=at).get(product.id, ()),
    )
    bought = tokens_for(amount.number, ratio=ratio)
    if not bought.tokens:
        raise errors.BelowMinimum(amount=amount, minimum=Amount(ratio, product.asset))
    if bought.cost > room.available:
        raise ledger.InsufficientFunds
    return StakingQuote(
        product=product,
        cost=Amount(bought.cost, product.asset),
        tokens=Amount(bought.tokens, product.token),
        ratio=ratio,
        available=Amount(room.available, product.asset),
        unbonding=unbonding_at([product.asset], at=at).get(product.asset),
    )


def available_to_subscribe(
    *, account_id: int, product_code: str, at: datetime, source: Source = "SPOT"
) -> Amount:
    """
    Return the most that a customer could put into a product now: free, within its bounds.

    Raises:
        ProductNotFound: no such product.
    """
    product = get_product(code=product_code, at=at)
    room = _room(account_id, product, source, at=at)
    left = quota_left(product, held=room.held, held_total=room.held_total)
    return most(product, available=room.available, left=left)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """What a customer has free, what they hold in a product and what everybody does: its asset."""

    available: Decimal
    held: Decimal
    held_total: Decimal


_CODES: dict[Source, tuple[ledger.Code, ...]] = {
    "SPOT": (ledger.Code.SPOT,),
    "FUNDING": (ledger.Code.FUNDING,),
    "ALL": (ledger.Code.SPOT, ledger.Code.FUNDING),
}


def _room(account_id: int, product: ProductView, source: Source, *, at: datetime) -> _Room:
    balances = ledger.balances(owner_id=account_id)
    available = sum(
        (
            balance.amount.number
            for balance in balances
            if balance.code in _CODES[source] and balance.amount.asset == product.asset
        ),
        Decimal(0),
    )
    pair = (account_id, product.id)
    held = {product.id: principals_held([pair]).get(pair, Decimal(0))}
    is_bounded = product.terms.quota_total is not None
    totals = totals_in_assets([product], at=at) if is_bounded else {}
    return _Room(
        available=available,
        held=in_assets([product], held, at=at)[product.id],
        held_total=totals.get(product.id, Decimal(0)),
    )
