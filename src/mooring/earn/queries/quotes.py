"""Quotes: every consequence before the click (EARN-4)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from mooring.accounts import api as accounts
from mooring.earn import errors
from mooring.earn import policies as earn_policies
from mooring.earn.facts import Destination, ProductView, Quote, Source, SubscriptionQuote, Wait
from mooring.earn.queries.holdings import get_holding, growths_at, principals_held, totals_held
from mooring.earn.queries.products import get_product
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules import dates, rewards
from mooring.earn.rules.flexible_exit import leave_flexible
from mooring.earn.rules.redemption import Holding, Leaving, leave_locked
from mooring.earn.rules.subscription import check_subscription, most, quota_left
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.policies import api as policies


def quote_redemption(
    *,
    account_id: int,
    position_id: int,
    amount: Amount | None,
    at: datetime,
    destination: Destination = "SPOT",
) -> Quote:
    """
    Return what a redemption would do if it were confirmed within the quote's validity.

    Args:
        amount: how much; None for the whole position.

    Raises:
        PositionNotFound, WrongAsset and the refusals of `rules.redemption`: what redeeming
        would refuse, the quote refuses already.

    Source: EARN-4; domain rules §2.1.
    """
    holding = get_holding(account_id=account_id, position_id=position_id)
    if amount is not None and amount.asset != holding.asset:
        raise errors.WrongAsset(asset=holding.asset)
    leaving = _leaving(holding, None if amount is None else amount.number, at=at)
    valid = policies.in_force(at=at)[earn_policies.QUOTE_VALID_SECONDS]
    return _quote(
        holding,
        leaving,
        destination=destination,
        quoted_at=at,
        valid_until=at + timedelta(seconds=valid),
    )


def _leaving(holding: Holding, amount: Decimal | None, *, at: datetime) -> Leaving:
    if holding.kind == "LOCKED":
        return leave_locked(holding, amount=amount, at=at)
    minute = max(dates.minute_of(at), holding.accrued_minute)
    growth = growths_at([holding.product_id], minute=minute)[holding.product_id]
    if minute == holding.accrued_minute:
        growth = holding.growth
    return leave_flexible(holding, amount=amount, growth=growth, minute=minute, at=at)


def _quote(
    holding: Holding,
    leaving: Leaving,
    *,
    destination: Destination,
    quoted_at: datetime,
    valid_until: datetime,
) -> Quote:
    def of(number: Decimal) -> Amount:
        return Amount(number, holding.asset)

    return Quote(
        key=f"q{secrets.token_hex(12)}",
        account_id=holding.account_id,
        position_id=holding.id,
        product_code=holding.product_code,
        kind="LOCKED" if holding.kind == "LOCKED" else "FLEXIBLE",
        asset=holding.asset,
        is_early=leaving.type == "EARLY",
        whole=leaving.whole,
        amount=of(leaving.amount),
        principal=of(min(leaving.amount, holding.principal)),
        rewards_kept=of(leaving.rewards_kept),
        accrued=of(leaving.accrued),
        rewards_added=of(leaving.rewards_added),
        forfeited=of(leaving.forfeited),
        deducted=of(leaving.deducted),
        fee=of(leaving.fee),
        net=of(leaving.net),
        remaining=of(holding.earning + leaving.credited - leaving.amount),
        destination=destination,
        arrives_from=leaving.arrives_from,
        arrives_until=leaving.arrives_until,
        undo_until=leaving.undo_until,
        quoted_at=quoted_at,
        valid_until=valid_until,
        minute=leaving.minute,
        version=holding.version,
        terms_id=holding.terms.id,
        wait=_wait(holding, leaving),
    )


def _wait(holding: Holding, leaving: Leaving) -> Wait | None:
    """Say what staying until the end brings, for who would leave early."""
    terms = holding.terms
    ends, delivered = holding.rewards_end, holding.delivers_at
    if leaving.type != "EARLY" or ends is None or delivered is None or terms.apr is None:
        return None
    total = rewards.locked_reward(
        principal=holding.principal, apr=terms.apr, days=terms.duration_days or 0
    )
    # Paid rewards stay in spot when waiting; leaving takes back `deducted` of them.
    at_end = holding.principal + total
    now = leaving.net + leaving.rewards_kept + leaving.deducted
    return Wait(
        until=ends,
        delivered_at=delivered,
        receive_more=Amount(at_end - now, holding.asset),
        receive_total=Amount(at_end, holding.asset),
    )


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
        ProductNotFound, ledger.InsufficientFunds and the refusals of `rules.subscription`.
    """
    product = get_product(code=product_code, at=at)
    room = _room(account_id, product, source)
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
        return Amount(number, product.asset)

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


def available_to_subscribe(
    *, account_id: int, product_code: str, at: datetime, source: Source = "SPOT"
) -> Amount:
    """
    Return the most that a customer could put into a product now: free, within its bounds.

    Raises:
        ProductNotFound: no such product.
    """
    product = get_product(code=product_code, at=at)
    room = _room(account_id, product, source)
    left = quota_left(product, held=room.held, held_total=room.held_total)
    return most(product, available=room.available, left=left)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """What a customer has free, what they hold in a product, and what everybody does."""

    available: Decimal
    held: Decimal
    held_total: Decimal


_CODES: dict[Source, tuple[ledger.Code, ...]] = {
    "SPOT": (ledger.Code.SPOT,),
    "FUNDING": (ledger.Code.FUNDING,),
    "ALL": (ledger.Code.SPOT, ledger.Code.FUNDING),
}


def _room(account_id: int, product: ProductView, source: Source) -> _Room:
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
    is_bounded = product.terms.quota_total is not None
    totals = totals_held([product.id]) if is_bounded else {}
    return _Room(
        available=available,
        held=principals_held([pair]).get(pair, Decimal(0)),
        held_total=totals.get(product.id, Decimal(0)),
    )
