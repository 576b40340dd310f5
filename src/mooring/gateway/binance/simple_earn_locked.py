"""Simple Earn, locked. Source: the exchange's manual of Simple Earn; binance-api §3.1, §4.1."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.earn import api as earn
from mooring.gateway.binance.endpoints import Call, Json, Right, endpoint, ip
from mooring.gateway.binance.figures import amount_text, time_number
from mooring.gateway.binance.locked import (
    AUTO_SUBSCRIBE,
    POSITION_ID,
    POSITION_ID_OR_ALL,
    PROJECT_ID,
    PROJECT_ID_OR_ALL,
    PURCHASE_ID,
    REDEEM_ID,
    REDEEM_TO,
    REDEEM_TO_NEEDED,
    REDEMPTION_TYPES,
    SUBSCRIPTION_TYPES,
    Project,
    choose_auto_renew,
    choose_redeem_to,
    pending_exits,
    position_facts,
    preview_facts,
    projects,
    subscribe_to,
    take_early,
)
from mooring.gateway.binance.paging import page_of, read_page, rows_of
from mooring.gateway.binance.parameters import PAGE, WINDOW
from mooring.gateway.binance.simple_earn_flexible import (
    AMOUNT_NEEDED,
    ASSET_OR_ALL,
    AUTO_SUBSCRIBE_NEEDED,
    SOURCE,
    WITHOUT_QUOTA,
    quota_text,
)
from mooring.gateway.binance.simple_earn_flexible_history import DONE, source_of

PATH: Final = "/sapi/v1/simple-earn/locked"
_FAMILY: Final = "SIMPLE"


@endpoint(
    "GET",
    f"{PATH}/list",
    ASSET_OR_ALL,
    *PAGE,
    weight=ip(150),
    note=_(
        "`status` is CREATED or END. Nothing is paid in addition: fields of extra and boost are "
        "empty."
    ),
)
def list_products(call: Call) -> Json:
    """Return the locked products."""
    found = projects(call, _FAMILY, asset=call.values[ASSET_OR_ALL])
    return {"rows": [_product(one) for one in page_of(call, found)], "total": len(found)}


def _product(project: Project) -> dict[str, Any]:
    facts = project.facts()
    facts["detail"] |= {
        "extraRewardAsset": "",
        "extraRewardAPR": "",
        "boostRewardAsset": "",
        "boostApr": "",
        "boostEndTime": None,
    }
    return facts


@endpoint(
    "GET",
    f"{PATH}/position",
    ASSET_OR_ALL,
    POSITION_ID_OR_ALL,
    PROJECT_ID_OR_ALL,
    *PAGE,
    weight=ip(150),
    note=_(
        "`canFastRedemption` is always false. Nothing is paid in addition: fields of extra and "
        "boost are empty."
    ),
)
def list_positions(call: Call) -> Json:
    """Return what is held in locked products."""
    found, pending = held_positions(call, _FAMILY), pending_exits(call)
    return {
        "rows": [_position(call, position, pending) for position in page_of(call, found)],
        "total": len(found),
    }


def held_positions(call: Call, family: earn.Family) -> list[earn.PositionView]:
    """Return the locked positions of a family that were asked for."""
    wanted, project = call.values[POSITION_ID_OR_ALL], call.values[PROJECT_ID_OR_ALL]
    return [
        position
        for position in earn.list_positions(
            account_id=call.account_id, at=call.at, asset=call.values[ASSET_OR_ALL]
        )
        if position.kind == "LOCKED"
        and position.product.family == family
        and wanted in {None, position.id}
        and project in {None, position.product.code}
    ]


def _position(
    call: Call,
    position: earn.PositionView,
    pending: Mapping[int, tuple[earn.RedemptionView, ...]],
) -> dict[str, Any]:
    facts = position_facts(call, position, pending)
    return {
        "positionId": position.id,
        "parentPositionId": position.renewed_from or 0,
        "projectId": position.product.code,
        "asset": position.asset,
        "amount": amount_text(position.amount),
        "purchaseTime": time_number(position.opened_at),
        "duration": str(position.days_total),
        "accrualDays": str(facts.days_ended),
        "rewardAsset": facts.rewards.asset,
        "APY": facts.apr,
        "rewardAmt": amount_text(facts.rewards),
        "extraRewardAsset": "",
        "extraRewardAPR": "",
        "estExtraRewardAmt": "",
        "boostRewardAsset": "",
        "boostApr": "",
        "totalBoostRewardAmt": "",
        "nextPay": amount_text(facts.next_pay),
        "nextPayDate": facts.next_pay_at,
        "payPeriod": "1",
        "redeemAmountEarly": facts.early,
        "rewardsEndDate": facts.rewards_end,
        "deliverDate": facts.delivers_at,
        "redeemPeriod": str(position.terms.redeem_period_days),
        "redeemingAmt": amount_text(facts.redeeming),
        "redeemTo": position.redeem_to,
        "partialAmtDeliverDate": facts.part_delivers_at,
        "canRedeemEarly": facts.can_redeem_early,
        "canFastRedemption": False,
        "autoSubscribe": position.auto_renew,
        "type": "NORMAL" if position.renewed_from is None else "AUTO",
        "status": facts.status,
        "canReStake": position.terms.is_renewable,
    }


@endpoint(
    "POST",
    f"{PATH}/subscribe",
    PROJECT_ID,
    AMOUNT_NEEDED,
    AUTO_SUBSCRIBE,
    SOURCE,
    REDEEM_TO,
    weight=ip(1),
    right=Right.TRADE,
    note=_(
        "`autoSubscribe` is on by default where the product renews, and `redeemTo` is FLEXIBLE by "
        "default where the asset has a flexible product; otherwise off, and SPOT."
    ),
)
def subscribe(call: Call) -> Json:
    """Lock money for a term."""
    done = subscribe_to(call, _FAMILY)
    return {
        "purchaseId": done.subscription_id,
        "positionId": str(done.position_id),
        "success": True,
    }


@endpoint("POST", f"{PATH}/redeem", POSITION_ID, weight=ip(1), right=Right.TRADE)
def redeem(call: Call) -> Json:
    """Leave a locked position before its end, whole."""
    done = take_early(call, _FAMILY)
    return {"redeemId": done.redemption_id, "success": True}


@endpoint(
    "POST",
    f"{PATH}/setAutoSubscribe",
    POSITION_ID,
    AUTO_SUBSCRIBE_NEEDED,
    weight=ip(150),
    right=Right.TRADE,
    note=_("Needs the right to trade: it decides where money goes."),
)
def set_auto_subscribe(call: Call) -> Json:
    """Let the principal go into a new position at the end, or no more."""
    choose_auto_renew(call, _FAMILY, is_on=call.values[AUTO_SUBSCRIBE_NEEDED])
    return {"success": True}


@endpoint(
    "POST",
    f"{PATH}/setRedeemOption",
    POSITION_ID,
    REDEEM_TO_NEEDED,
    weight=ip(50),
    right=Right.TRADE,
    note=_("Needs the right to trade: it decides where money goes."),
)
def set_redeem_option(call: Call) -> Json:
    """Choose where the principal goes at the end."""
    choose_redeem_to(call, _FAMILY, redeem_to=call.values[REDEEM_TO_NEEDED])
    return {"success": True}


@endpoint("GET", f"{PATH}/personalLeftQuota", PROJECT_ID, weight=ip(150), note=WITHOUT_QUOTA)
def left_quota(call: Call) -> Json:
    """Return how much more this customer may put into a product."""
    [project] = projects(call, _FAMILY, code=call.values[PROJECT_ID])
    return {"leftPersonalQuota": quota_text(call, project.product)}


@endpoint(
    "GET",
    f"{PATH}/subscriptionPreview",
    PROJECT_ID,
    AMOUNT_NEEDED,
    AUTO_SUBSCRIBE,
    weight=ip(150),
    note=_("One row, whatever `autoSubscribe` says; fields of extra and boost are empty."),
)
def preview(call: Call) -> Json:
    """Return what an amount earns in its term, and when."""
    facts = preview_facts(call, _FAMILY)
    return [
        {
            "rewardAsset": facts.total.asset,
            "totalRewardAmt": amount_text(facts.total),
            "extraRewardAsset": "",
            "estTotalExtraRewardAmt": "",
            "boostRewardAsset": "",
            "estDailyRewardAmt": "",
            "nextPay": amount_text(facts.daily),
            "nextPayDate": time_number(facts.next_pay_at),
            "valueDate": time_number(facts.value_date),
            "rewardsEndDate": time_number(facts.rewards_end),
            "deliverDate": time_number(facts.delivers_at),
            "nextSubscriptionDate": time_number(facts.delivers_at),
        }
    ]


@endpoint(
    "GET",
    f"{PATH}/history/subscriptionRecord",
    PURCHASE_ID,
    ASSET_OR_ALL,
    *WINDOW,
    *PAGE,
    weight=ip(150),
    note=DONE,
)
def subscription_history(call: Call) -> Json:
    """Return what went into locked products."""
    asked = read_page(
        call,
        earn.RecordFilter(
            kind="LOCKED", asset=call.values[ASSET_OR_ALL], record_id=call.values[PURCHASE_ID]
        ),
    )
    return rows_of(
        earn.subscription_records(account_id=call.account_id, asked=asked),
        lambda one: {
            "positionId": one.position_id,
            "purchaseId": str(one.id),
            "projectId": one.product_code,
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
    f"{PATH}/history/redemptionRecord",
    POSITION_ID_OR_ALL,
    REDEEM_ID,
    ASSET_OR_ALL,
    *WINDOW,
    *PAGE,
    weight=ip(150),
    note=_(
        "`status` is PAID, or REDEEMING while it is on its way. Fields of extra rewards are empty."
    ),
)
def redemption_history(call: Call) -> Json:
    """Return what left locked products, or is on its way."""
    asked = read_page(
        call,
        earn.RecordFilter(
            kind="LOCKED",
            asset=call.values[ASSET_OR_ALL],
            position_id=call.values[POSITION_ID_OR_ALL],
            record_id=call.values[REDEEM_ID],
        ),
    )
    return rows_of(
        earn.redemption_records(account_id=call.account_id, asked=asked),
        lambda one: {
            "positionId": one.position_id,
            "redeemId": one.id,
            "time": time_number(one.requested_at),
            "asset": one.asset,
            "lockPeriod": str(one.days),
            "amount": amount_text(one.net),
            "originalAmount": amount_text(one.amount),
            "type": REDEMPTION_TYPES[one.type, one.went_to == "FLEXIBLE"],
            "deliverDate": time_number(one.paid_at or one.arrives_at),
            "lossAmount": amount_text(one.lost),
            "isComplete": one.status == "PAID",
            "rewardAsset": one.rewards.asset,
            "rewardAmt": amount_text(one.rewards),
            "extraRewardAsset": "",
            "estExtraRewardAmt": "",
            "status": "PAID" if one.status == "PAID" else "REDEEMING",
        },
    )


@endpoint(
    "GET",
    f"{PATH}/history/rewardsRecord",
    POSITION_ID_OR_ALL,
    ASSET_OR_ALL,
    *WINDOW,
    *PAGE,
    weight=ip(150),
)
def rewards_history(call: Call) -> Json:
    """Return the rewards of locked products as they were paid."""
    asked = read_page(
        call,
        earn.RecordFilter(
            kind="LOCKED",
            asset=call.values[ASSET_OR_ALL],
            position_id=call.values[POSITION_ID_OR_ALL],
        ),
    )
    return rows_of(
        earn.reward_records(account_id=call.account_id, asked=asked),
        lambda one: {
            "positionId": one.position_id,
            "time": time_number(one.at),
            "asset": one.amount.asset,
            "lockPeriod": str(one.days),
            "amount": amount_text(one.amount),
            "type": "Locked Rewards",
        },
    )
