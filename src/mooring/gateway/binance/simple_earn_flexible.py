"""Simple Earn, flexible. Source: the exchange's manual of Simple Earn; binance-api §3.1, §4.1."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.earn import api as earn
from mooring.gateway.binance.endpoints import (
    Call,
    Json,
    Right,
    Together,
    endpoint,
    ip,
    keep_pace_all,
)
from mooring.gateway.binance.figures import Plain, amount_text, rate_text, time_number
from mooring.gateway.binance.paging import page_of
from mooring.gateway.binance.parameters import (
    AMOUNT,
    ASSET,
    BOOLEAN,
    CURRENT,
    PAGE,
    PRODUCT,
    SIZE,
    defaulting,
    one_of,
    optional,
    required,
)
from mooring.kernel.errors import Refusal

PATH: Final = "/sapi/v1/simple-earn/flexible"
#: Products of their own under paths of their own (`dollars`).
DOLLARS: Final = ("BFUSD", "RWUSD")
#: What a customer of the API agreed to: its manual, and the terms that the manual names.
CONSENT: Final = "api"

#: What is told where there is no quota: the most that can be written.
UNLIMITED: Final = "99999999999999999999.00000000"
WITHOUT_QUOTA: Final = _(
    "Where there is no quota, the most that can be written: 99999999999999999999."
)

PRODUCT_ID: Final = required("productId", PRODUCT)
PRODUCT_ID_OR_ALL: Final = optional("productId", PRODUCT)
ASSET_OR_ALL: Final = optional("asset", ASSET)
AMOUNT_NEEDED: Final = required("amount", AMOUNT)
AMOUNT_OR_ALL: Final = optional("amount", AMOUNT)
AUTO_SUBSCRIBE: Final = defaulting("autoSubscribe", BOOLEAN, default=True)
AUTO_SUBSCRIBE_NEEDED: Final = required("autoSubscribe", BOOLEAN)
SOURCE: Final = defaulting("sourceAccount", one_of("SPOT", "FUND", "ALL"), "SPOT")
DESTINATION: Final = defaulting("destAccount", one_of("SPOT", "FUND"), "SPOT")
REDEEM_ALL: Final = defaulting("redeemAll", BOOLEAN, default=False)

SOURCES: Final[Mapping[str, earn.Source]] = {"SPOT": "SPOT", "FUND": "FUNDING", "ALL": "ALL"}
DESTINATIONS: Final[Mapping[str, earn.Destination]] = {"SPOT": "SPOT", "FUND": "FUNDING"}


@endpoint(
    "GET",
    f"{PATH}/list",
    ASSET_OR_ALL,
    *PAGE,
    weight=ip(150),
    note=_("`status` is PURCHASING or END; `hot` is always false."),
)
def list_products(call: Call) -> Json:
    """Return the flexible products."""
    products = [
        product
        for product in earn.list_products(at=call.at, asset=call.values[ASSET_OR_ALL])
        if product.kind == "FLEXIBLE" and product.code not in DOLLARS
    ]
    shown = page_of(call, products)
    ids = [product.id for product in shown]
    daily, since = earn.daily_rates(ids), earn.products_since(ids)
    quotas = earn.quotas_left(shown, account_id=call.account_id, at=call.at)
    windows = earn.windows_at(ids, at=call.at)
    return {
        "rows": [
            {
                "asset": product.asset,
                "latestAnnualPercentageRate": rate_text(product.apr),
                "tierAnnualPercentageRate": tiers_of(
                    daily.get(product.id), product.asset, day=call.at.date()
                ),
                "airDropPercentageRate": extra_rate(daily.get(product.id), day=call.at.date()),
                "canPurchase": product.subscriptions_open
                and not any(window.stops_subscriptions for window in windows.get(product.id, ())),
                "canRedeem": not any(
                    window.stops_redemptions for window in windows.get(product.id, ())
                ),
                "isSoldOut": product.id in quotas and quotas[product.id].is_full,
                "hot": False,
                "minPurchaseAmount": amount_text(product.terms.minimum),
                "productId": product.code,
                "subscriptionStartTime": time_number(since[product.id]),
                "status": "PURCHASING" if product.subscriptions_open else "END",
            }
            for product in shown
        ],
        "total": len(products),
    }


def tiers_of(rates: earn.DailyRates | None, asset: str, *, day: date) -> dict[str, Plain]:
    """
    Return the bonus tiers of a day as the exchange names them: `0-5BTC`; numbers, not texts.

    A tier without an end is named `5+BTC`.
    """
    if rates is None:
        return {}
    return {
        f"{_bare(tier.above)}-{_bare(tier.up_to)}{asset}"
        if tier.up_to is not None
        else f"{_bare(tier.above)}+{asset}": Plain(tier.rate)
        for tier in rates.bonus_on(day)
        if tier.rate
    }


def _bare(number: Any) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def extra_rate(rates: earn.DailyRates | None, *, day: date) -> str:
    """Return the yearly rate of the extra reward on a day, of its first tier."""
    tiers = rates.extra_on(day) if rates else ()
    return rate_text(tiers[0].rate) if tiers else "0.00000000"


@endpoint("GET", f"{PATH}/position", ASSET_OR_ALL, PRODUCT_ID_OR_ALL, *PAGE, weight=ip(150))
def list_positions(call: Call) -> Json:
    """Return what is held in flexible products."""
    size = call.values[SIZE]
    found, total = earn.list_flexible_positions(
        account_id=call.account_id,
        at=call.at,
        asset=call.values[ASSET_OR_ALL],
        product_code=call.values[PRODUCT_ID_OR_ALL],
        limit=size,
        offset=(call.values[CURRENT] - 1) * size,
    )
    daily = earn.daily_rates(paying) if (paying := _paying_daily(found)) else {}
    return {
        "rows": [_position(one, daily, day=call.at.date()) for one in found],
        "total": total,
    }


def _paying_daily(found: Sequence[earn.FlexiblePosition]) -> list[int]:
    return [one.product_id for one in found if one.pays_daily]


def _position(
    position: earn.FlexiblePosition, daily: Mapping[int, earn.DailyRates], *, day: date
) -> dict[str, Any]:
    rates, asset = daily.get(position.product_id), position.amount.asset
    return {
        "totalAmount": amount_text(position.amount),
        "tierAnnualPercentageRate": tiers_of(rates, asset, day=day),
        "latestAnnualPercentageRate": rate_text(position.apr),
        "yesterdayAirdropPercentageRate": extra_rate(rates, day=day - timedelta(days=1)),
        "asset": asset,
        "airDropAsset": (rates.extra_asset if rates else None) or "",
        "canRedeem": position.status == "HOLDING",
        "collateralAmount": amount_text(position.pledged),
        "productId": position.product_code,
        "yesterdayRealTimeRewards": amount_text(position.yesterday),
        "cumulativeBonusRewards": amount_text(position.bonus),
        "cumulativeRealTimeRewards": amount_text(position.real_time),
        "cumulativeTotalRewards": amount_text(position.real_time + position.bonus),
        "autoSubscribe": position.auto_subscribes,
    }


@endpoint(
    "POST",
    f"{PATH}/subscribe",
    PRODUCT_ID,
    AMOUNT_NEEDED,
    AUTO_SUBSCRIBE,
    SOURCE,
    weight=ip(1),
    right=Right.TRADE,
)
def subscribe(call: Call) -> Json:
    """Put money into a flexible product, and by default let free spot follow once a day."""
    product = flexible_product(call, call.values[PRODUCT_ID])
    amount = call.amount(AMOUNT_NEEDED, product.asset)
    call.keep_pace()
    done = earn.subscribe_one(
        earn.Subscription(
            account_id=call.account_id,
            product_code=product.code,
            amount=amount,
            key=call.request_key,
            source=SOURCES[call.values[SOURCE]],
            consent_version=CONSENT,
        ),
        at=call.at,
    )
    if call.values[AUTO_SUBSCRIBE]:
        earn.set_auto_subscription(
            account_id=call.account_id,
            product_code=product.code,
            is_on=True,
            at=call.at,
            consent_version=CONSENT,
        )
    return {"purchaseId": done.subscription_id, "success": True}


def flexible_product(call: Call, code: str) -> earn.ProductView:
    """
    Return a flexible product of Simple Earn.

    Raises:
        ProductNotFound: there is none of this code.
    """
    product = earn.get_product(code=code, at=call.at)
    if product.kind != "FLEXIBLE":
        raise earn.ProductNotFound(product_code=code)
    return product


@endpoint(
    "POST",
    f"{PATH}/redeem",
    PRODUCT_ID,
    REDEEM_ALL,
    AMOUNT_OR_ALL,
    DESTINATION,
    weight=ip(1),
    right=Right.TRADE,
)
@Together
def redeem(calls: Sequence[Call], *, at: datetime) -> list[Json | Refusal]:
    """Take money out of a flexible product."""
    return redeem_together(
        calls,
        at=at,
        code_of=lambda call: call.values[PRODUCT_ID],
        ask=_redemption,
        answer=lambda _, done: {"redeemId": done.redemption_id, "success": True},
    )


def _redemption(call: Call, position_id: int, asset: str) -> earn.Redemption:
    return earn.Redemption(
        account_id=call.account_id,
        position_id=position_id,
        amount=None if call.values[REDEEM_ALL] else call.amount(AMOUNT_OR_ALL, asset),
        key=call.request_key,
        destination=DESTINATIONS[call.values[DESTINATION]],
    )


def redeem_together(
    calls: Sequence[Call],
    *,
    at: datetime,
    code_of: Callable[[Call], str],
    ask: Callable[[Call, int, str], earn.Redemption],
    answer: Callable[[earn.Redemption, earn.Redeemed], Json],
) -> list[Json | Refusal]:
    """
    Take money out of flexible products for many calls, each at its account's pace.

    Args:
        code_of: of the product that a call is about.
        ask: makes the redemption of a call, its position and the position's asset; may refuse.
        answer: says what became of a redemption.
    """
    found = earn.find_flexible_positions([(call.account_id, code_of(call)) for call in calls])
    asked = keep_pace_all(
        calls, [_asked(call, one, ask) for call, one in zip(calls, found, strict=True)]
    )
    done = iter(earn.redeem([one for one in asked if isinstance(one, earn.Redemption)], at=at))
    answers: list[Json | Refusal] = []
    for one in asked:
        if isinstance(one, Refusal):
            answers.append(one)
            continue
        outcome = next(done)
        answers.append(outcome if isinstance(outcome, Refusal) else answer(one, outcome))
    return answers


def _asked(
    call: Call,
    found: tuple[int, str] | Refusal,
    ask: Callable[[Call, int, str], earn.Redemption],
) -> earn.Redemption | Refusal:
    if isinstance(found, Refusal):
        return found
    try:
        return ask(call, *found)
    except Refusal as refusal:
        return refusal


@endpoint(
    "POST",
    f"{PATH}/setAutoSubscribe",
    PRODUCT_ID,
    AUTO_SUBSCRIBE_NEEDED,
    weight=ip(150),
    right=Right.TRADE,
    note=_("Needs the right to trade: it moves money once a day."),
)
def set_auto_subscribe(call: Call) -> Json:
    """Let free spot go into a flexible product once a day, or no more."""
    product = flexible_product(call, call.values[PRODUCT_ID])
    earn.set_auto_subscription(
        account_id=call.account_id,
        product_code=product.code,
        is_on=call.values[AUTO_SUBSCRIBE_NEEDED],
        at=call.at,
        consent_version=CONSENT,
    )
    return {"success": True}


@endpoint("GET", f"{PATH}/personalLeftQuota", PRODUCT_ID, weight=ip(150), note=WITHOUT_QUOTA)
def left_quota(call: Call) -> Json:
    """Return how much more this customer may put into a product."""
    product = flexible_product(call, call.values[PRODUCT_ID])
    return {"leftPersonalQuota": quota_text(call, product)}


def quota_text(call: Call, product: earn.ProductView) -> str:
    """Return what is left for this customer; without a quota, the most that can be written."""
    found = earn.quotas_left([product], account_id=call.account_id, at=call.at).get(product.id)
    left = [one for one in (found.personal, found.total) if one is not None] if found else []
    return amount_text(min(left)) if left else UNLIMITED


@endpoint("GET", f"{PATH}/subscriptionPreview", PRODUCT_ID, AMOUNT_NEEDED, weight=ip(150))
def preview(call: Call) -> Json:
    """Return what an amount would earn in its first day, at the present rate."""
    product = flexible_product(call, call.values[PRODUCT_ID])
    amount = call.amount(AMOUNT_NEEDED, product.asset)
    day = earn.estimate_earning(product, amount=amount, days=1, at=call.at)
    # The day of a subscription earns nothing by the day: the second is the first that does.
    two_days = earn.estimate_earning(product, amount=amount, days=2, at=call.at)
    return {
        "totalAmount": amount_text(amount),
        "rewardAsset": product.asset,
        "airDropAsset": two_days.extra.asset if two_days.extra else "",
        "estDailyBonusRewards": amount_text(two_days.bonus or Decimal(0)),
        "estDailyRealTimeRewards": amount_text(day.rewards),
        "estDailyAirdropRewards": amount_text(two_days.extra or Decimal(0)),
    }
