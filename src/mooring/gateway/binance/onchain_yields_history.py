"""The history of On-chain Yields. Source: binance-api §3.3."""

from dataclasses import replace
from typing import Final

from django.utils.translation import gettext_noop as _

from mooring.earn import api as earn
from mooring.gateway.binance.endpoints import Call, Json, endpoint, ip
from mooring.gateway.binance.figures import amount_text, time_number
from mooring.gateway.binance.locked import (
    POSITION_ID_OR_ALL,
    PURCHASE_ID,
    REDEEM_ID,
    REDEMPTION_TYPES,
    SUBSCRIPTION_TYPES,
)
from mooring.gateway.binance.onchain_yields import (
    CLIENT_ID,
    CLIENTS,
    FAMILY,
    LOCKED,
    key_of_client,
)
from mooring.gateway.binance.paging import read_page, rows_of
from mooring.gateway.binance.parameters import PAGE, WINDOW
from mooring.gateway.binance.simple_earn_flexible import ASSET_OR_ALL
from mooring.gateway.binance.simple_earn_flexible_history import source_of

_PATH: Final = f"{LOCKED}/history"


def _asked(call: Call) -> earn.RecordFilter:
    """Return the records of the family that the times, the page and the asset ask for."""
    return read_page(
        call,
        earn.RecordFilter(kind="LOCKED", family=FAMILY, asset=call.values[ASSET_OR_ALL]),
    )


@endpoint(
    "GET",
    f"{_PATH}/subscriptionRecord",
    PURCHASE_ID,
    CLIENT_ID,
    ASSET_OR_ALL,
    *WINDOW,
    *PAGE,
    weight=ip(50),
)
def subscription_history(call: Call) -> Json:
    """Return what went into locked products."""
    asked = replace(
        _asked(call), record_id=call.values[PURCHASE_ID], key=key_of_client(call) or None
    )
    return rows_of(
        earn.subscription_records(account_id=call.account_id, asked=asked),
        lambda one: {
            "positionId": str(one.position_id),
            "purchaseId": str(one.id),
            "projectId": one.product_code,
            "clientId": one.key.removeprefix(CLIENTS) if one.key.startswith(CLIENTS) else "",
            "time": time_number(one.at),
            "asset": one.asset,
            "amount": amount_text(one.amount),
            "lockPeriod": str(one.days),
            "type": SUBSCRIPTION_TYPES[one.made_by],
            **source_of(one),
            "status": "SUCCESS",
        },
    )


@endpoint(
    "GET",
    f"{_PATH}/redemptionRecord",
    POSITION_ID_OR_ALL,
    REDEEM_ID,
    ASSET_OR_ALL,
    *WINDOW,
    *PAGE,
    weight=ip(50),
    note=_("`status` is PAID, or REDEEMING while it is on its way."),
)
def redemption_history(call: Call) -> Json:
    """Return what left locked products, or is on its way."""
    asked = replace(
        _asked(call),
        position_id=call.values[POSITION_ID_OR_ALL],
        record_id=call.values[REDEEM_ID],
    )
    return rows_of(
        earn.redemption_records(account_id=call.account_id, asked=asked),
        lambda one: {
            "positionId": str(one.position_id),
            "redeemId": one.id,
            "time": time_number(one.requested_at),
            "asset": one.asset,
            "lockPeriod": str(one.days),
            "amount": amount_text(one.net),
            "originalAmount": amount_text(one.amount),
            "type": REDEMPTION_TYPES[one.type, one.went_to == "FLEXIBLE"],
            "deliverDate": str(time_number(one.paid_at or one.arrives_at)),
            "lossAmount": amount_text(one.lost),
            "isComplete": one.status == "PAID",
            "rewardAsset": one.rewards.asset,
            "rewardAmt": amount_text(one.rewards),
            "status": "PAID" if one.status == "PAID" else "REDEEMING",
        },
    )


@endpoint(
    "GET",
    f"{_PATH}/rewardsRecord",
    POSITION_ID_OR_ALL,
    ASSET_OR_ALL,
    *WINDOW,
    *PAGE,
    weight=ip(50),
)
def rewards_history(call: Call) -> Json:
    """Return the rewards of locked products as they were paid."""
    asked = replace(_asked(call), position_id=call.values[POSITION_ID_OR_ALL])
    return rows_of(
        earn.reward_records(account_id=call.account_id, asked=asked),
        lambda one: {
            "positionId": str(one.position_id),
            "time": time_number(one.at),
            "asset": one.amount.asset,
            "lockPeriod": str(one.days),
            "amount": amount_text(one.amount),
        },
    )
