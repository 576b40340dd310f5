"""What an account and a key may do, and what was there. Source: binance-api §3.4, §4.2."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.gateway.binance.endpoints import Call, Json, endpoint, ip
from mooring.gateway.binance.figures import amount_text, time_number
from mooring.gateway.binance.parameters import (
    WINDOW,
    defaulting,
    one_of,
    read_window,
    required,
    whole,
)
from mooring.gateway.binance.spot_account import key_facts
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger

_TYPE: Final = required("type", one_of("SPOT", "MARGIN", "FUTURES"))
_DAYS: Final = defaulting("limit", whole(7, 30), 7, example="7")
_A_DAY: Final = timedelta(days=1)
_MONTH: Final = timedelta(days=30)
_IN_SPOT: Final = (ledger.Code.SPOT, ledger.Code.SPOT_IN_ORDERS, ledger.Code.SPOT_FROZEN)


@endpoint(
    "GET",
    "/sapi/v1/system/status",
    weight=ip(1),
    right=None,
    note=_("Maintenance is when every product of Earn is off."),
)
def system_status(call: Call) -> Json:
    """Return whether the platform is in maintenance as a whole."""
    is_stopped = any(
        window.product_code is None and window.asset is None and window.is_running(call.at)
        for window in earn.list_windows(at=call.at)
    )
    if is_stopped:
        return {"status": 1, "msg": "system_maintenance"}
    return {"status": 0, "msg": "normal"}


@endpoint(
    "GET",
    "/sapi/v1/account/status",
    weight=ip(1),
    note=_("Always Normal: the key of any other account is refused."),
)
def account_status(_call: Call) -> Json:
    """Return that the account is as it should be: a key of another opens nothing."""
    return {"data": "Normal"}


@endpoint("GET", "/sapi/v1/account/apiTradingStatus", weight=ip(1), note=_("Never locked."))
def trading_status(_call: Call) -> Json:
    """Return whether trading by the API is locked."""
    return {
        "data": {
            "isLocked": False,
            "plannedRecoverTime": 0,
            "triggerCondition": {"GCR": 150, "IFER": 150, "UFR": 300},
            "updateTime": 0,
        }
    }


@endpoint(
    "GET",
    "/sapi/v1/account/apiRestrictions",
    weight=ip(1),
    note=_(
        "`permitsUniversalTransfer` is the right to trade; what belongs to margin, futures and "
        "options is false."
    ),
)
def restrictions(call: Call) -> Json:
    """Return what the key may do."""
    return key_facts(call)


@endpoint(
    "GET", "/sapi/v1/account/info", weight=ip(1), note=_("The account is open for none of these.")
)
def account_info(_call: Call) -> Json:
    """Return which other products the account is open for: none."""
    return {
        "vipLevel": 0,
        "isMarginEnabled": False,
        "isFutureEnabled": False,
        "isOptionsEnabled": False,
        "isPortfolioMarginRetailEnabled": False,
    }


@endpoint(
    "GET",
    "/sapi/v1/accountSnapshot",
    _TYPE,
    *WINDOW,
    _DAYS,
    weight=ip(2400),
    note=_("Of margin and futures there is nothing to show: their lists are empty."),
)
def snapshot(call: Call) -> Json:
    """Return what was in spot at the end of each UTC day, oldest first."""
    found = []
    if call.values[_TYPE] == "SPOT":
        times = _ends_of_days(call)
        held = ledger.balances_then(owner_id=call.account_id, codes=_IN_SPOT, times=times)
        found = [_snapshot(held[time], time) for time in times]
    return {"code": 200, "msg": "", "snapshotVos": found}


def _ends_of_days(call: Call) -> list[datetime]:
    """Return the last days that ended, as many as were asked for."""
    window = read_window(call.values, at=call.at, default=_MONTH, longest=_MONTH)
    midnight = min(window.end, call.at).replace(hour=0, minute=0, second=0, microsecond=0)
    times = [midnight - number * _A_DAY for number in range(call.values[_DAYS])]
    return [time for time in reversed(times) if time >= window.start]


def _snapshot(held: tuple[ledger.Balance, ...], time: datetime) -> dict[str, Any]:
    free: dict[str, Amount] = {}
    locked: dict[str, Amount] = {}
    for one in held:
        asset = one.amount.asset
        where = free if one.code == ledger.Code.SPOT else locked
        where[asset] = where.get(asset, Amount.zero(asset)) + one.amount
    codes = sorted({*free, *locked})
    values = assets.find_values((one.amount for one in held), currency="BTC", at=time)
    total = sum((value for value in values if value is not None), start=Amount.zero("BTC"))
    return {
        "data": {
            "balances": [
                {
                    "asset": code,
                    "free": amount_text(free.get(code, Amount.zero(code))),
                    "locked": amount_text(locked.get(code, Amount.zero(code))),
                }
                for code in codes
            ],
            "totalAssetOfBtc": amount_text(total),
        },
        "type": "spot",
        # A day's snapshot is of its last moment, and is told as of that day.
        "updateTime": time_number(time) - 1_000,
    }
