"""What every client asks at its start. Source: the exchange's manual of spot; binance-api §3.5."""

from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.gateway.binance.endpoints import Call, Json, endpoint, ip
from mooring.gateway.binance.figures import time_number
from mooring.gateway.binance.markets import (
    SYMBOL_OR_ALL,
    SYMBOLS,
    Symbol,
    asked_symbols,
)
from mooring.gateway.binance.parameters import BOOLEAN, matching, optional
from mooring.kernel import clock

_PERMISSIONS: Final = optional("permissions", matching(r"[\[\]\"A-Z0-9_,]{1,400}", example="SPOT"))
_PERMISSION_SETS: Final = optional("showPermissionSets", BOOLEAN)
_STATUS: Final = optional("symbolStatus", matching(r"[A-Z_]{1,32}", example="BREAK"))


@endpoint("GET", "/api/v3/ping", weight=ip(1), right=None)
def ping(_call: Call) -> Json:
    """Answer."""
    return {}


@endpoint(
    "GET",
    "/api/v3/time",
    weight=ip(1),
    right=None,
    note=_("The real time, also in a sandbox: clients sign with it."),
)
def server_time(_call: Call) -> Json:
    """Return the time that requests are checked by."""
    return {"serverTime": time_number(clock.wall())}


@endpoint(
    "GET",
    "/api/v3/exchangeInfo",
    SYMBOL_OR_ALL,
    SYMBOLS,
    _PERMISSIONS,
    _PERMISSION_SETS,
    _STATUS,
    weight=ip(20),
    right=None,
    note=_(
        "Every symbol has status BREAK: there is no market yet. `permissions` and "
        "`showPermissionSets` change nothing."
    ),
)
def exchange_info(call: Call) -> Json:
    """Return the limits of requests, and the symbols."""
    found, _ = asked_symbols(call)
    wanted = call.values[_STATUS]
    return {
        "timezone": "UTC",
        "serverTime": time_number(clock.wall()),
        "rateLimits": [
            {
                "rateLimitType": "REQUEST_WEIGHT",
                "interval": "MINUTE",
                "intervalNum": 1,
                "limit": call.limits.spot_weight,
            }
        ],
        "exchangeFilters": [],
        "symbols": [_symbol(one) for one in found if wanted in {None, "BREAK"}],
    }


def _symbol(symbol: Symbol) -> dict[str, Any]:
    base, quote = symbol.base, symbol.quote
    return {
        "symbol": symbol.name,
        "status": "BREAK",
        "baseAsset": base.code,
        "baseAssetPrecision": base.ledger_decimals,
        "quoteAsset": quote.code,
        "quotePrecision": quote.ledger_decimals,
        "quoteAssetPrecision": quote.ledger_decimals,
        "baseCommissionPrecision": base.ledger_decimals,
        "quoteCommissionPrecision": quote.ledger_decimals,
        "orderTypes": ["LIMIT", "MARKET"],
        "icebergAllowed": False,
        "ocoAllowed": False,
        "otoAllowed": False,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": False,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": False,
        "amendAllowed": False,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": False,
        "isMarginTradingAllowed": False,
        "filters": [],
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": ["NONE"],
    }


def _no_symbols(_call: Call) -> Json:
    """Return a market without symbols: some clients ask for all of them at their start."""
    return {
        "timezone": "UTC",
        "serverTime": time_number(clock.wall()),
        "rateLimits": [],
        "exchangeFilters": [],
        "assets": [],
        "symbols": [],
    }


def _nothing(_call: Call) -> Json:
    """Return an empty list: some clients ask for pairs on margin at their start."""
    return []


_NO_MARKET: Final = _(
    "Empty, and for everybody, also without a key: some clients ask for it at their start."
)
endpoint("GET", "/fapi/v1/exchangeInfo", weight=ip(1), right=None, note=_NO_MARKET)(_no_symbols)
endpoint("GET", "/dapi/v1/exchangeInfo", weight=ip(1), right=None, note=_NO_MARKET)(_no_symbols)
endpoint("GET", "/sapi/v1/margin/allPairs", weight=ip(1), right=None, note=_NO_MARKET)(_nothing)
endpoint("GET", "/sapi/v1/margin/isolated/allPairs", weight=ip(10), right=None, note=_NO_MARKET)(
    _nothing
)
