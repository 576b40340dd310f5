"""The history of ETH and SOL staking. Source: binance-api §3.3."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.earn import api as earn
from mooring.gateway.binance.endpoints import Call, Json, endpoint, ip
from mooring.gateway.binance.eth_sol_staking import ETH, SOL, Chain
from mooring.gateway.binance.figures import amount_text, rate_text, time_number
from mooring.gateway.binance.paging import (
    HISTORY_DAYS,
    HISTORY_DAYS_MAX,
    page_of,
    read_page,
    rows_of,
)
from mooring.gateway.binance.parameters import (
    ID,
    PAGE,
    WINDOW,
    one_of,
    optional,
    read_window,
    required,
)
from mooring.kernel.money import Amount

_PURCHASE_ID: Final = optional("purchaseId", ID)
_REDEEM_ID: Final = optional("redeemId", ID)
_BOOST: Final = required("type", one_of("CLAIM", "DISTRIBUTE"))
_YEAR: Final = timedelta(days=366)
_ETH: Final = "/sapi/v1/eth-staking"
_SOL: Final = "/sapi/v1/sol-staking/sol/history"
_DAYS: Final = _(
    "A row for each UTC midnight; the yearly rate is that at which the last ratio grew out of "
    "the one before."
)


def _staked(call: Call, chain: Chain) -> Json:
    """Return what was staked."""
    asked = read_page(
        call,
        earn.RecordFilter(
            kind="LIQUID",
            family=None,
            product_code=chain.product(call).code,
            record_id=call.values[_PURCHASE_ID],
        ),
    )
    return rows_of(
        earn.subscription_records(account_id=call.account_id, asked=asked),
        lambda one: {
            "time": time_number(one.at),
            "asset": one.asset,
            "amount": amount_text(one.amount),
            "distributeAsset": chain.token,
            "distributeAmount": amount_text(one.tokens or Decimal(0)),
            chain.ratio: amount_text(one.ratio or Decimal(0)),
            "status": "SUCCESS",
        },
    )


def _redeemed(call: Call, chain: Chain) -> Json:
    """Return what was given back, or is on its way."""
    asked = read_page(
        call,
        earn.RecordFilter(
            kind="LIQUID",
            family=None,
            product_code=chain.product(call).code,
            record_id=call.values[_REDEEM_ID],
        ),
    )
    return rows_of(
        earn.redemption_records(account_id=call.account_id, asked=asked),
        lambda one: {
            "time": time_number(one.requested_at),
            "arrivalTime": time_number(one.paid_at or one.arrives_at),
            "asset": chain.token,
            "amount": amount_text(one.amount),
            "distributeAsset": one.asset,
            "distributeAmount": amount_text(one.net),
            chain.ratio: amount_text(one.ratio or Decimal(0)),
            "status": "SUCCESS" if one.status == "PAID" else "PENDING",
        },
    )


def _ratios(call: Call, chain: Chain, more: dict[str, Any]) -> Json:
    """Return what a token was worth at each UTC midnight."""
    window = read_window(call.values, at=call.at, default=HISTORY_DAYS, longest=_YEAR)
    days = earn.ratios_by_day(
        chain.product(call), since=window.start, until=min(window.end, call.at)
    )
    return {
        "rows": [
            {
                "annualPercentageRate": rate_text(day.apr),
                "exchangeRate": amount_text(day.ratio),
                **more,
                "time": time_number(day.at),
            }
            for day in page_of(call, days)
        ],
        "total": str(len(days)),
    }


def _gains(call: Call, chain: Chain) -> Json:
    """Return what the customer's tokens gained by their ratio, by UTC day."""
    window = read_window(call.values, at=call.at, default=HISTORY_DAYS, longest=HISTORY_DAYS_MAX)
    days = earn.gains_by_day(
        chain.product(call),
        account_id=call.account_id,
        since=window.start,
        until=min(window.end, call.at),
    )
    total = sum((day.gained for day in days), start=Amount.zero(chain.asset))
    return {
        f"estRewardsIn{chain.asset}": amount_text(total),
        "rows": [
            {
                "time": time_number(day.at),
                f"amountIn{chain.asset}": amount_text(day.gained),
                "holding": amount_text(day.tokens),
                f"holdingIn{chain.asset}": amount_text(day.worth),
                "annualPercentageRate": rate_text(day.apr),
            }
            for day in page_of(call, days)
        ],
        "total": len(days),
    }


def _none(call: Call) -> Json:
    """Return no records, whatever the times."""
    read_window(call.values, at=call.at, default=HISTORY_DAYS, longest=HISTORY_DAYS_MAX)
    return {"rows": [], "total": 0}


@endpoint("GET", f"{_ETH}/eth/history/stakingHistory", _PURCHASE_ID, *WINDOW, *PAGE, weight=ip(150))
def eth_staked(call: Call) -> Json:
    """Return what was staked of ETH."""
    return _staked(call, ETH)


@endpoint("GET", f"{_SOL}/stakingHistory", _PURCHASE_ID, *WINDOW, *PAGE, weight=ip(150))
def sol_staked(call: Call) -> Json:
    """Return what was staked of SOL."""
    return _staked(call, SOL)


@endpoint(
    "GET", f"{_ETH}/eth/history/redemptionHistory", _REDEEM_ID, *WINDOW, *PAGE, weight=ip(150)
)
def eth_redeemed(call: Call) -> Json:
    """Return what was given back of WBETH, or is on its way."""
    return _redeemed(call, ETH)


@endpoint("GET", f"{_SOL}/redemptionHistory", _REDEEM_ID, *WINDOW, *PAGE, weight=ip(150))
def sol_redeemed(call: Call) -> Json:
    """Return what was given back of BNSOL, or is on its way."""
    return _redeemed(call, SOL)


@endpoint("GET", f"{_ETH}/eth/history/rateHistory", *WINDOW, *PAGE, weight=ip(150), note=_DAYS)
def eth_ratios(call: Call) -> Json:
    """Return what a WBETH was worth, by UTC day."""
    return _ratios(call, ETH, {})


@endpoint("GET", f"{_SOL}/rateHistory", *WINDOW, *PAGE, weight=ip(150), note=_DAYS)
def sol_ratios(call: Call) -> Json:
    """Return what a BNSOL was worth, by UTC day."""
    return _ratios(call, SOL, {"boostRewards": []})


@endpoint(
    "GET", f"{_ETH}/eth/history/wbethRewardsHistory", *WINDOW, *PAGE, weight=ip(150), note=_DAYS
)
def wbeth_gains(call: Call) -> Json:
    """Return what the customer's WBETH gained, by UTC day."""
    return _gains(call, ETH)


@endpoint("GET", f"{_SOL}/bnsolRewardsHistory", *WINDOW, *PAGE, weight=ip(150), note=_DAYS)
def bnsol_gains(call: Call) -> Json:
    """Return what the customer's BNSOL gained, by UTC day."""
    return _gains(call, SOL)


@endpoint(
    "GET",
    f"{_ETH}/wbeth/history/wrapHistory",
    *WINDOW,
    *PAGE,
    weight=ip(150),
    note=_("There is no BETH here: the list is empty."),
)
def wrapped(call: Call) -> Json:
    """Return what was wrapped: nothing."""
    return _none(call)


@endpoint(
    "GET",
    f"{_ETH}/wbeth/history/unwrapHistory",
    *WINDOW,
    *PAGE,
    weight=ip(150),
    note=_("There is no BETH here: the list is empty."),
)
def unwrapped(call: Call) -> Json:
    """Return what was unwrapped: nothing."""
    return _none(call)


@endpoint(
    "GET",
    f"{_SOL}/boostRewardsHistory",
    _BOOST,
    *WINDOW,
    *PAGE,
    weight=ip(150),
    note=_("Nothing is paid besides the ratio: the list is empty."),
)
def boosts(call: Call) -> Json:
    """Return what was paid besides the ratio: nothing."""
    return _none(call)


@endpoint(
    "GET",
    f"{_SOL}/unclaimedRewards",
    weight=ip(150),
    note=_("Nothing is ever unclaimed: the list is empty."),
)
def unclaimed(_call: Call) -> Json:
    """Return what waits to be claimed: nothing."""
    return []
