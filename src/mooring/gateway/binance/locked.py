"""What locked products of Simple Earn and of On-chain Yields have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from mooring.earn import api as earn
from mooring.gateway.binance.endpoints import Call
from mooring.gateway.binance.figures import amount_text, rate_text, time_number
from mooring.gateway.binance.parameters import (
    BOOLEAN,
    ID,
    PRODUCT,
    defaulting,
    one_of,
    optional,
    required,
)
from mooring.gateway.binance.simple_earn_flexible import (
    AMOUNT_NEEDED,
    CONSENT,
    SOURCE,
    SOURCES,
    UNLIMITED,
)
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from mooring.policies import api as policies

PROJECT_ID: Final = required("projectId", PRODUCT, example="Usdt*30")
PROJECT_ID_OR_ALL: Final = optional("projectId", PRODUCT, example="Usdt*30")
POSITION_ID: Final = required("positionId", ID)
POSITION_ID_OR_ALL: Final = optional("positionId", ID)
PURCHASE_ID: Final = optional("purchaseId", ID)
REDEEM_ID: Final = optional("redeemId", ID)
AUTO_SUBSCRIBE: Final = defaulting("autoSubscribe", BOOLEAN, default=True)
REDEEM_TO: Final = optional("redeemTo", one_of("SPOT", "FLEXIBLE"))
REDEEM_TO_NEEDED: Final = required("redeemTo", one_of("SPOT", "FLEXIBLE"))

SUBSCRIPTION_TYPES: Final = {
    "CUSTOMER": "NORMAL",
    "AUTO": "AUTO",
    "RENEWED": "AUTO",
    "CONVERTED": "NORMAL",
}
#: By the type of the redemption, and whether it went into a flexible product.
REDEMPTION_TYPES: Final = {
    ("MATURE", False): "MATURE",
    ("MATURE", True): "NEW_TRANSFERRED",
    ("EARLY", False): "AHEAD",
    ("EARLY", True): "AHEAD",
    ("RETIRED", False): "MATURE",
    ("RETIRED", True): "NEW_TRANSFERRED",
}
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A locked product as a list shows it."""

    product: earn.ProductView
    since: datetime
    is_sold_out: bool

    def facts(self) -> dict[str, Any]:
        """Return what both families show of it."""
        product, terms = self.product, self.product.terms
        quota = terms.quota_per_person
        return {
            "projectId": product.code,
            "detail": {
                "asset": product.asset,
                "rewardAsset": terms.reward_asset or product.asset,
                "duration": terms.duration_days,
                "renewable": terms.is_renewable,
                "isSoldOut": self.is_sold_out,
                "apr": rate_text(product.apr),
                "status": "CREATED" if product.subscriptions_open else "END",
                "subscriptionStartTime": time_number(self.since),
            },
            "quota": {
                "totalPersonalQuota": amount_text(quota) if quota is not None else UNLIMITED,
                "minimum": amount_text(terms.minimum),
            },
        }


def projects(
    call: Call, family: earn.Family, *, asset: str | None = None, code: str | None = None
) -> list[Project]:
    """
    Return the locked products of a family.

    Raises:
        ProductNotFound: a code was named and there is none.
    """
    found = [
        product
        for product in earn.list_products(
            at=call.at, asset=asset, codes=None if code is None else [code]
        )
        if product.kind == "LOCKED" and product.family == family
    ]
    if code is not None and not found:
        raise earn.ProductNotFound(product_code=code)
    since = earn.products_since(product.id for product in found)
    quotas = earn.quotas_left(found, account_id=call.account_id, at=call.at)
    return [
        Project(
            product=product,
            since=since[product.id],
            is_sold_out=product.id in quotas and quotas[product.id].is_full,
        )
        for product in found
    ]


# --- positions ---


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionFacts:
    """What both families show of a position; times in milliseconds."""

    apr: str
    days_ended: int
    rewards: Amount
    next_pay: Amount
    next_pay_at: int | None
    early: str
    can_redeem_early: bool
    redeeming: Amount
    part_delivers_at: int | None
    rewards_end: int
    delivers_at: int
    status: str


def pending_exits(call: Call) -> dict[int, tuple[earn.RedemptionView, ...]]:
    """Return what is on its way out of a customer's positions, by position."""
    by_position: dict[int, tuple[earn.RedemptionView, ...]] = {}
    for one in earn.list_redemptions(
        account_id=call.account_id, at=call.at, status="PENDING", limit=1_000
    ):
        by_position[one.position_id] = (*by_position.get(one.position_id, ()), one)
    return by_position


def position_facts(
    call: Call,
    position: earn.PositionView,
    pending: Mapping[int, tuple[earn.RedemptionView, ...]],
) -> PositionFacts:
    """Return what is shown of a locked position."""
    days_total = position.days_total or 0
    value_date, end = _known(position.value_date), _known(position.rewards_end)
    ended = max(0, min((call.at - value_date) // _A_DAY, days_total))
    exits = pending.get(position.id, ())
    early = _early(call, position, end)
    rewards = position.rewards_paid + position.accrued
    is_over = position.status != "HOLDING" or ended >= days_total
    return PositionFacts(
        apr=rate_text(position.apr),
        days_ended=ended,
        rewards=rewards,
        next_pay=Amount.zero(rewards.asset) if is_over else _of_a_day(position, ended),
        next_pay_at=None if is_over else time_number(_next_payout(call, value_date)),
        early="" if early is None else amount_text(early),
        can_redeem_early=early is not None,
        redeeming=sum((one.net for one in exits), start=Amount.zero(position.asset)),
        part_delivers_at=time_number(exits[0].arrives_until) if exits else None,
        rewards_end=time_number(end),
        delivers_at=time_number(_known(position.delivers_at)),
        status=_status(position),
    )


def _known(time: datetime | None) -> datetime:
    if time is None:
        message = "a locked position has its dates"
        raise ValueError(message)
    return time


def _early(call: Call, position: earn.PositionView, end: datetime) -> Amount | None:
    """Return what would arrive if it were left now; None if it cannot be left early."""
    if position.status != "HOLDING" or call.at >= end:
        return None
    try:
        quote = earn.quote_redemption(
            account_id=call.account_id, position_id=position.id, amount=None, at=call.at
        )
    except Refusal:
        return None
    return quote.net


def _of_a_day(position: earn.PositionView, days_ended: int) -> Amount:
    """Return what the day under way earns, to the digit."""
    number = {
        days: earn.locked_reward(principal=position.amount.number, apr=position.apr, days=days)
        for days in (days_ended, days_ended + 1)
    }
    return Amount(number[days_ended + 1] - number[days_ended], position.rewards_paid.asset)


def _next_payout(call: Call, value_date: datetime) -> datetime:
    """Return when the reward of the day under way, or of the first, is paid."""
    minutes = policies.in_force(at=call.at)[earn.PAYOUT_DELAY_MINUTES]
    day = call.at.replace(hour=0, minute=0, second=0, microsecond=0)
    payout = max(day, value_date + _A_DAY) + timedelta(minutes=minutes)
    return payout if payout > call.at else payout + _A_DAY


def _status(position: earn.PositionView) -> str:
    if position.status != "REDEEMING":
        return "HOLDING"
    if position.auto_renew:
        return "RENEWING"
    return "NEW_TRANSFERRING" if position.redeem_to == "FLEXIBLE" else "REDEEMING"


# --- what changes something ---


def subscribe_to(call: Call, family: earn.Family, *, key: str = "") -> earn.Subscribed:
    """
    Lock money for a term, by the API, at its pace.

    Args:
        key: makes twice once; without one, the request's own.

    Raises:
        TooFast, and what Earn refuses.
    """
    [project] = projects(call, family, code=call.values[PROJECT_ID])
    product = project.product
    amount = call.amount(AMOUNT_NEEDED, product.asset)
    wanted = call.values[REDEEM_TO]
    if wanted is None:
        has_flexible = earn.flexible_product_of(product.asset, at=call.at) is not None
        wanted = "FLEXIBLE" if has_flexible else "SPOT"
    call.keep_pace()
    return earn.subscribe_one(
        earn.Subscription(
            account_id=call.account_id,
            product_code=product.code,
            amount=amount,
            key=key or call.request_key,
            source=SOURCES[call.values[SOURCE]],
            consent_version=CONSENT,
            auto_renew=call.values[AUTO_SUBSCRIBE] and product.terms.is_renewable,
            redeem_to="FLEXIBLE" if wanted == "FLEXIBLE" else "SPOT",
        ),
        at=call.at,
    )


def take_early(call: Call, family: earn.Family) -> earn.Redeemed:
    """
    Leave a locked position whole, by the API.

    Raises:
        PositionNotFound: absent, another customer's, or another family's.
        TooFast, and what Earn refuses.
    """
    position = _position_of(call, family)
    request = earn.Redemption(
        account_id=call.account_id,
        position_id=position.id,
        amount=None,
        key=call.request_key,
    )
    call.keep_pace()
    return earn.redeem_one(request, at=call.at)


def choose_auto_renew(call: Call, family: earn.Family, *, is_on: bool) -> None:
    """Choose whether the principal goes into a new position at the end."""
    position = _position_of(call, family)
    _choose(call, position, auto_renew=is_on, redeem_to=position.redeem_to)


def choose_redeem_to(call: Call, family: earn.Family, *, redeem_to: str) -> None:
    """Choose where the principal goes at the end, if not into a new position."""
    position = _position_of(call, family)
    _choose(call, position, auto_renew=position.auto_renew, redeem_to=redeem_to)


def _position_of(call: Call, family: earn.Family) -> earn.PositionView:
    position_id = call.values[POSITION_ID]
    position = earn.get_position(account_id=call.account_id, position_id=position_id, at=call.at)
    if position.kind != "LOCKED" or position.product.family != family:
        raise earn.PositionNotFound(position_id=position_id)
    return position


_REDEEM_TO: Final[Mapping[str, earn.RedeemTo]] = {
    "SPOT": "SPOT",
    "FUNDING": "FUNDING",
    "FLEXIBLE": "FLEXIBLE",
}


def _choose(call: Call, position: earn.PositionView, *, auto_renew: bool, redeem_to: str) -> None:
    earn.set_maturity_choice(
        account_id=call.account_id,
        position_id=position.id,
        auto_renew=auto_renew,
        redeem_to=_REDEEM_TO[redeem_to],
        at=call.at,
    )


# --- previews ---


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewFacts:
    """What a subscription would bring, and when."""

    total: Amount
    daily: Amount
    next_pay_at: datetime
    value_date: datetime
    rewards_end: datetime
    delivers_at: datetime


def preview_facts(call: Call, family: earn.Family) -> PreviewFacts:
    """
    Return what an amount would earn in its term, and when.

    Raises:
        ProductNotFound, TooPrecise, EstimateAmountOutOfRange.
    """
    [project] = projects(call, family, code=call.values[PROJECT_ID])
    product = project.product
    amount = call.amount(AMOUNT_NEEDED, product.asset)
    days = product.terms.duration_days or 0
    whole = earn.estimate_earning(product, amount=amount, days=days, at=call.at)
    one_day = earn.estimate_earning(product, amount=amount, days=1, at=call.at)
    value_date = whole.until - timedelta(days=days)
    return PreviewFacts(
        total=whole.rewards,
        daily=one_day.rewards,
        next_pay_at=_next_payout(call, value_date),
        value_date=value_date,
        rewards_end=whole.until,
        delivers_at=whole.until + timedelta(days=product.terms.redeem_period_days),
    )
