"""The history of flexible Simple Earn. Source: binance-api §3.1, §4.1."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_noop as _

from mooring.earn import api as earn
from mooring.gateway.binance.endpoints import Call, Json, endpoint, ip
from mooring.gateway.binance.figures import amount_text, rate_text, time_number
from mooring.gateway.binance.paging import page_of, read_page, rows_of
from mooring.gateway.binance.parameters import (
    END_TIME,
    ID,
    PAGE,
    START_TIME,
    WINDOW,
    defaulting,
    one_of,
    optional,
    read_window,
)
from mooring.gateway.binance.rates import rates_by_day
from mooring.gateway.binance.simple_earn_flexible import (
    ASSET_OR_ALL,
    PATH,
    PRODUCT_ID,
    PRODUCT_ID_OR_ALL,
    flexible_product,
)

PURCHASE_ID: Final = optional("purchaseId", ID)
REDEEM_ID: Final = optional("redeemId", ID)
REWARD_TYPE: Final = defaulting("type", one_of("BONUS", "REALTIME", "REWARDS", "ALL"), "ALL")

_REWARD_KINDS: Final[Mapping[str, tuple[earn.RewardKind, ...]]] = {
    "BONUS": ("BONUS",),
    "REALTIME": ("REALTIME",),
    "REWARDS": ("EXTRA",),
    "ALL": (),
}
_REWARD_TYPES: Final = {"BONUS": "BONUS", "REALTIME": "REALTIME", "EXTRA": "REWARDS"}
DONE: Final = _("`status` is always SUCCESS: what did not succeed leaves no record.")
_YEAR: Final = timedelta(days=366)
_MONTH: Final = timedelta(days=30)


@endpoint(
    "GET",
    f"{PATH}/history/subscriptionRecord",
    PRODUCT_ID_OR_ALL,
    PURCHASE_ID,
    ASSET_OR_ALL,
    *WINDOW,
    *PAGE,
    weight=ip(150),
    note=DONE,
)
def subscription_history(call: Call) -> Json:
    """Return what went into flexible products."""
    asked = read_page(
        call,
        earn.RecordFilter(
            kind="FLEXIBLE",
            product_code=call.values[PRODUCT_ID_OR_ALL],
            asset=call.values[ASSET_OR_ALL],
            record_id=call.values[PURCHASE_ID],
        ),
    )
    found = earn.subscription_records(account_id=call.account_id, asked=asked)
    types = {"CUSTOMER": "NORMAL", "AUTO": "AUTO", "CONVERTED": "CONVERT", "RENEWED": "CONVERT"}
    return rows_of(
        found,
        lambda one: {
            "amount": amount_text(one.amount),
            "asset": one.asset,
            "time": time_number(one.at),
            "purchaseId": one.id,
            "productId": one.product_code,
            "type": types[one.made_by],
            **source_of(one),
            "status": "SUCCESS",
        },
    )


def source_of(record: earn.SubscriptionRecord) -> dict[str, str]:
    """Return which wallets paid, and how much each where both did."""
    if record.from_funding.is_zero:
        return {"sourceAccount": "SPOT", "amtFromSpot": "", "amtFromFunding": ""}
    if record.from_spot.is_zero:
        return {"sourceAccount": "FUNDING", "amtFromSpot": "", "amtFromFunding": ""}
    return {
        "sourceAccount": "SPOTANDFUNDING",
        "amtFromSpot": amount_text(record.from_spot),
        "amtFromFunding": amount_text(record.from_funding),
    }


@endpoint(
    "GET",
    f"{PATH}/history/redemptionRecord",
    PRODUCT_ID_OR_ALL,
    REDEEM_ID,
    ASSET_OR_ALL,
    *WINDOW,
    *PAGE,
    weight=ip(150),
    note=_("`status` is PAID, or REDEEMING while it is on its way."),
)
def redemption_history(call: Call) -> Json:
    """Return what left flexible products, or is on its way."""
    asked = read_page(
        call,
        earn.RecordFilter(
            kind="FLEXIBLE",
            product_code=call.values[PRODUCT_ID_OR_ALL],
            asset=call.values[ASSET_OR_ALL],
            record_id=call.values[REDEEM_ID],
        ),
    )
    found = earn.redemption_records(account_id=call.account_id, asked=asked)
    return rows_of(
        found,
        lambda one: {
            "amount": amount_text(one.amount),
            "asset": one.asset,
            "time": time_number(one.requested_at),
            "projectId": one.product_code,
            "redeemId": one.id,
            "destAccount": one.went_to,
            "status": "PAID" if one.status == "PAID" else "REDEEMING",
        },
    )


@endpoint(
    "GET",
    f"{PATH}/history/rewardsRecord",
    PRODUCT_ID_OR_ALL,
    ASSET_OR_ALL,
    REWARD_TYPE,
    *WINDOW,
    *PAGE,
    weight=ip(150),
)
def rewards_history(call: Call) -> Json:
    """Return the rewards of flexible products as they were credited or paid."""
    asked = read_page(
        call,
        earn.RecordFilter(
            kind="FLEXIBLE",
            product_code=call.values[PRODUCT_ID_OR_ALL],
            asset=call.values[ASSET_OR_ALL],
        ),
    )
    found = earn.reward_records(
        account_id=call.account_id, asked=asked, kinds=_REWARD_KINDS[call.values[REWARD_TYPE]]
    )
    return rows_of(
        found,
        lambda one: {
            "asset": one.amount.asset,
            "rewards": amount_text(one.amount),
            "projectId": one.product_code,
            "type": _REWARD_TYPES[one.kind],
            "time": time_number(one.at),
        },
    )


@endpoint(
    "GET",
    f"{PATH}/history/collateralRecord",
    PRODUCT_ID_OR_ALL,
    *WINDOW,
    *PAGE,
    weight=ip(1),
    note=_("What secures a loan now; `type` is PLEDGE."),
)
def collateral_history(call: Call) -> Json:
    """Return which parts of positions secure a loan."""
    window = read_window(call.values, at=call.at, default=_MONTH, longest=_MONTH)
    wanted = call.values[PRODUCT_ID_OR_ALL]
    rows = [
        {
            "amount": amount_text(pledge.amount),
            "productId": position.product.code,
            "asset": position.asset,
            "createTime": time_number(pledge.pledged_at),
            "type": "PLEDGE",
            "productName": position.asset,
            "orderId": pledge.id,
        }
        for position in earn.list_positions(account_id=call.account_id, at=call.at)
        if not position.pledged.is_zero and wanted in {None, position.product.code}
        for pledge in earn.list_pledges(account_id=call.account_id, position_id=position.id)
        if window.start <= pledge.pledged_at <= window.end
    ]
    return {"rows": page_of(call, rows), "total": str(len(rows))}


@endpoint(
    "GET",
    f"{PATH}/history/rateHistory",
    PRODUCT_ID,
    optional("aprPeriod", one_of("DAY", "YEAR")),
    START_TIME,
    END_TIME,
    *PAGE,
    weight=ip(150),
    note=_("A row for each UTC midnight; `aprPeriod` changes nothing."),
)
def rate_history(call: Call) -> Json:
    """Return the rate of a flexible product at each end of a UTC day."""
    product = flexible_product(call, call.values[PRODUCT_ID])
    window = read_window(call.values, at=call.at, default=_MONTH, longest=_YEAR)
    rows = [
        {
            "productId": product.code,
            "asset": product.asset,
            "annualPercentageRate": rate_text(apr),
            "time": time_number(time),
        }
        for time, apr in rates_by_day(product, window, at=call.at)
    ]
    return {"rows": page_of(call, rows), "total": str(len(rows))}
