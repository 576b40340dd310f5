"""
On-chain Yields: locked products whose money works on a chain. Source: binance-api §3.3.

As locked Simple Earn (`locked`), but numbers of positions and most times are texts.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.earn import api as earn
from mooring.gateway.binance import errors
from mooring.gateway.binance.endpoints import Call, Json, Right, endpoint, ip
from mooring.gateway.binance.figures import amount_text, time_number
from mooring.gateway.binance.locked import (
    AUTO_SUBSCRIBE,
    POSITION_ID,
    POSITION_ID_OR_ALL,
    PROJECT_ID,
    PROJECT_ID_OR_ALL,
    REDEEM_TO,
    REDEEM_TO_NEEDED,
    choose_auto_renew,
    choose_redeem_to,
    pending_exits,
    position_facts,
    preview_facts,
    projects,
    subscribe_to,
    take_early,
)
from mooring.gateway.binance.paging import page_of
from mooring.gateway.binance.parameters import PAGE, matching, optional
from mooring.gateway.binance.simple_earn_account import account_facts
from mooring.gateway.binance.simple_earn_flexible import (
    AMOUNT_NEEDED,
    ASSET_OR_ALL,
    AUTO_SUBSCRIBE_NEEDED,
    SOURCE,
    WITHOUT_QUOTA,
    quota_text,
)
from mooring.gateway.binance.simple_earn_locked import held_positions
from mooring.ledger import api as ledger
from mooring.policies import api as policies

PATH: Final = "/sapi/v1/onchain-yields"
LOCKED: Final = f"{PATH}/locked"
FAMILY: Final = "ONCHAIN"
#: What the keys begin with of subscriptions that clients numbered.
CLIENTS: Final = "client."
CLIENT_ID: Final = optional("clientId", matching(r"[A-Za-z0-9._-]{1,64}", example="order-1"))


def key_of_client(call: Call) -> str:
    """Return the key of a subscription to which a client gave a number of its own; empty: none."""
    client_id = call.values[CLIENT_ID]
    return "" if client_id is None else f"{CLIENTS}{client_id}"


@endpoint(
    "GET", f"{PATH}/account", weight=ip(50), note=_("What has no price is counted as nothing.")
)
def account(call: Call) -> Json:
    """Return what is held in On-chain Yields, valued."""
    return account_facts(call, FAMILY)


@endpoint(
    "GET",
    f"{LOCKED}/list",
    ASSET_OR_ALL,
    *PAGE,
    weight=ip(50),
    note=_("`status` is CREATED or END."),
)
def list_products(call: Call) -> Json:
    """Return the locked products."""
    found = projects(call, FAMILY, asset=call.values[ASSET_OR_ALL])
    shown = page_of(call, found)
    to_flexible = {
        product.asset
        for product in earn.list_products(at=call.at)
        if product.kind == "FLEXIBLE" and product.family == "SIMPLE"
    }
    rows = [project.facts() for project in shown]
    for row in rows:
        row["detail"]["canRedeemToFlex"] = row["detail"]["asset"] in to_flexible
    return {"rows": rows, "total": len(found)}


@endpoint(
    "GET",
    f"{LOCKED}/position",
    ASSET_OR_ALL,
    POSITION_ID_OR_ALL,
    PROJECT_ID_OR_ALL,
    *PAGE,
    weight=ip(50),
)
def list_positions(call: Call) -> Json:
    """Return what is held in locked products."""
    found, pending = held_positions(call, FAMILY), pending_exits(call)
    return {
        "rows": [_position(call, position, pending) for position in page_of(call, found)],
        "total": len(found),
    }


def _position(
    call: Call,
    position: earn.PositionView,
    pending: Mapping[int, tuple[earn.RedemptionView, ...]],
) -> dict[str, Any]:
    facts = position_facts(call, position, pending)
    return {
        "positionId": str(position.id),
        "projectId": position.product.code,
        "asset": position.asset,
        "amount": amount_text(position.amount),
        "purchaseTime": _time_text(position.opened_at),
        "duration": str(position.days_total),
        "accrualDays": str(facts.days_ended),
        "rewardAsset": facts.rewards.asset,
        "APY": facts.apr,
        "rewardAmt": amount_text(facts.rewards),
        "nextPay": amount_text(facts.next_pay),
        "nextPayDate": "" if facts.next_pay_at is None else str(facts.next_pay_at),
        "payPeriod": "1",
        "rewardsPayDate": _last_payout(call, position.rewards_end),
        "rewardsEndDate": str(facts.rewards_end),
        "deliverDate": str(facts.delivers_at),
        "nextSubscriptionDate": str(facts.delivers_at),
        "redeemingAmt": amount_text(facts.redeeming),
        "redeemTo": position.redeem_to,
        "canRedeemEarly": facts.can_redeem_early,
        "autoSubscribe": position.auto_renew,
        "type": "NORMAL" if position.renewed_from is None else "AUTO",
        "status": facts.status,
    }


def _time_text(time: datetime) -> str:
    return str(time_number(time))


def _last_payout(call: Call, rewards_end: datetime | None) -> str:
    """Return when the reward of the last day is paid."""
    if rewards_end is None:
        return ""
    minutes = policies.in_force(at=call.at)[earn.PAYOUT_DELAY_MINUTES]
    return _time_text(rewards_end + timedelta(minutes=minutes))


@endpoint(
    "POST",
    f"{LOCKED}/subscribe",
    PROJECT_ID,
    AMOUNT_NEEDED,
    AUTO_SUBSCRIBE,
    SOURCE,
    REDEEM_TO,
    CLIENT_ID,
    weight=ip(200),
    right=Right.TRADE,
    note=_(
        "`autoSubscribe` is on by default where the product renews, and `redeemTo` is FLEXIBLE by "
        "default where the asset has a flexible product; otherwise off, and SPOT. The same "
        "`clientId` again is the same subscription, answered the same; with another amount, "
        "product or wish it is refused (-1130)."
    ),
)
def subscribe(call: Call) -> Json:
    """Lock money for a term."""
    try:
        done = subscribe_to(call, FAMILY, key=key_of_client(call))
    except ledger.KeyReused as refusal:
        if call.values[CLIENT_ID] is None:
            raise
        raise errors.ParameterInvalid(parameter=CLIENT_ID.name) from refusal
    [project] = projects(call, FAMILY, code=call.values[PROJECT_ID])
    return {
        "purchaseId": done.subscription_id,
        "positionId": str(done.position_id),
        "amount": amount_text(call.amount(AMOUNT_NEEDED, project.product.asset)),
        "success": True,
    }


@endpoint("POST", f"{LOCKED}/redeem", POSITION_ID, weight=ip(200), right=Right.TRADE)
def redeem(call: Call) -> Json:
    """Leave a locked position before its end, whole."""
    done = take_early(call, FAMILY)
    return {"redeemId": done.redemption_id, "success": True}


@endpoint(
    "POST",
    f"{LOCKED}/setAutoSubscribe",
    POSITION_ID,
    AUTO_SUBSCRIBE_NEEDED,
    weight=ip(50),
    right=Right.TRADE,
    note=_("Needs the right to trade: it decides where money goes."),
)
def set_auto_subscribe(call: Call) -> Json:
    """Let the principal go into a new position at the end, or no more."""
    choose_auto_renew(call, FAMILY, is_on=call.values[AUTO_SUBSCRIBE_NEEDED])
    return {"success": True}


@endpoint(
    "POST",
    f"{LOCKED}/setRedeemOption",
    POSITION_ID,
    REDEEM_TO_NEEDED,
    weight=ip(50),
    right=Right.TRADE,
    note=_("Needs the right to trade: it decides where money goes."),
)
def set_redeem_option(call: Call) -> Json:
    """Choose where the principal goes at the end."""
    choose_redeem_to(call, FAMILY, redeem_to=call.values[REDEEM_TO_NEEDED])
    return {"success": True}


@endpoint("GET", f"{LOCKED}/personalLeftQuota", PROJECT_ID, weight=ip(50), note=WITHOUT_QUOTA)
def left_quota(call: Call) -> Json:
    """Return how much more this customer may put into a product."""
    [project] = projects(call, FAMILY, code=call.values[PROJECT_ID])
    return {"leftPersonalQuota": quota_text(call, project.product)}


@endpoint(
    "GET",
    f"{LOCKED}/subscriptionPreview",
    PROJECT_ID,
    AMOUNT_NEEDED,
    AUTO_SUBSCRIBE,
    weight=ip(50),
    note=_("`autoSubscribe` changes nothing in the answer."),
)
def preview(call: Call) -> Json:
    """Return what an amount earns in its term, and when."""
    facts = preview_facts(call, FAMILY)
    return {
        "rewardAsset": facts.total.asset,
        "totalRewardAmt": amount_text(facts.total),
        "nextPay": amount_text(facts.daily),
        "nextPayDate": _time_text(facts.next_pay_at),
        "rewardsPayDate": _last_payout(call, facts.rewards_end),
        "valueDate": _time_text(facts.value_date),
        "rewardsEndDate": _time_text(facts.rewards_end),
        "deliverDate": _time_text(facts.delivers_at),
        "nextSubscriptionDate": _time_text(facts.delivers_at),
    }
