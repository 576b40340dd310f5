"""The spot account, and orders of a market that does not exist yet. Source: binance-api §3.5."""

from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.accounts import api as accounts
from mooring.gateway.binance import errors
from mooring.gateway.binance.endpoints import Call, Json, Right, endpoint, ip
from mooring.gateway.binance.figures import amount_text, time_number
from mooring.gateway.binance.markets import SYMBOL, SYMBOL_OR_ALL, BadSymbol, one_symbol, symbols
from mooring.gateway.binance.parameters import (
    BOOLEAN,
    END_TIME,
    ID,
    START_TIME,
    defaulting,
    matching,
    optional,
    whole,
)
from mooring.ledger import api as ledger
from mooring.wallet import api as wallet

_OMIT_ZERO: Final = defaulting("omitZeroBalances", BOOLEAN, default=False)
_ORDER_ID: Final = optional("orderId", ID)
_CLIENT_ID: Final = optional("origClientOrderId", matching(r"[A-Za-z0-9_.:/-]{1,64}", example="a"))
_FROM_ID: Final = optional("fromId", ID)
_LIMIT: Final = defaulting("limit", whole(1, 1_000), 500, example="500")
_FREE: Final = {
    "maker": "0.00000000",
    "taker": "0.00000000",
    "buyer": "0.00000000",
    "seller": "0.00000000",
}
_NO_ORDERS: Final = _("There are no orders and no trades until there is a market.")
_NO_FEES: Final = _("Zero: nobody trades yet.")


class NoSuchOrder(errors.ApiRefusal):
    """There is no such order."""

    code = "api_no_such_order"
    number = -2013

    def __init__(self) -> None:
        super().__init__("Order does not exist.")


class UnknownOrder(errors.ApiRefusal):
    """There is no order that could be cancelled."""

    code = "api_unknown_order"
    number = -2011

    def __init__(self) -> None:
        super().__init__("Unknown order sent.")


@endpoint(
    "GET",
    "/api/v3/account",
    _OMIT_ZERO,
    weight=ip(20),
    note=_("`canTrade` is false until there is a market, `locked` includes what a hold keeps."),
)
def account(call: Call) -> Json:
    """Return what is in the spot wallet."""
    held = wallet.balances(account_id=call.account_id, at=call.at)
    newest = ledger.statement(owner_id=call.account_id, limit=1)
    return {
        "makerCommission": 0,
        "takerCommission": 0,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": _FREE,
        "canTrade": False,
        "canWithdraw": False,
        "canDeposit": False,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": time_number(newest[0].effective_at) if newest else 0,
        "accountType": "SPOT",
        "balances": [
            {
                "asset": one.asset,
                "free": amount_text(one.spot_available),
                "locked": amount_text(one.spot_in_orders + one.spot_frozen),
            }
            for one in held
            if not call.values[_OMIT_ZERO] or not one.spot.is_zero
        ],
        "permissions": ["SPOT"],
        "uid": call.account_id,
    }


@endpoint("GET", "/api/v3/account/commission", SYMBOL, weight=ip(20), note=_NO_FEES)
def commission(call: Call) -> Json:
    """Return what trading a symbol costs: nothing, as nobody trades."""
    symbol = one_symbol(call)
    return {
        "symbol": symbol.name,
        "standardCommission": _FREE,
        "specialCommission": _FREE,
        "taxCommission": _FREE,
        "discount": {
            "enabledForAccount": False,
            "enabledForSymbol": False,
            "discountAsset": "",
            "discount": "0.00000000",
        },
    }


@endpoint(
    "GET", "/api/v3/rateLimit/order", weight=ip(40), note=_("None of none: there is no market yet.")
)
def order_limits(_call: Call) -> Json:
    """Return how many orders were placed of how many: none of none."""
    return [
        {
            "rateLimitType": "ORDERS",
            "interval": interval,
            "intervalNum": number,
            "limit": 0,
            "count": 0,
        }
        for interval, number in (("SECOND", 10), ("DAY", 1))
    ]


def _check_symbol(call: Call, name: str | None) -> None:
    if name is not None and name not in symbols(call):
        raise BadSymbol


@endpoint("GET", "/api/v3/openOrders", SYMBOL_OR_ALL, weight=ip(6), note=_NO_ORDERS)
def open_orders(call: Call) -> Json:
    """Return the orders that wait: there are none."""
    _check_symbol(call, call.values[SYMBOL_OR_ALL])
    return []


def _none_of_symbol(call: Call) -> Json:
    """Return what a symbol's orders did: nothing."""
    _check_symbol(call, call.values[SYMBOL])
    return []


_TIMES: Final = (START_TIME, END_TIME, _LIMIT)
for _path, _weight, _parameters in (
    ("allOrders", 20, (SYMBOL, _ORDER_ID, *_TIMES)),
    ("myTrades", 20, (SYMBOL, _ORDER_ID, _FROM_ID, *_TIMES)),
    ("myAllocations", 20, (SYMBOL, _ORDER_ID, *_TIMES)),
    ("myPreventedMatches", 20, (SYMBOL, _ORDER_ID, _LIMIT)),
):
    endpoint("GET", f"/api/v3/{_path}", *_parameters, weight=ip(_weight), note=_NO_ORDERS)(
        _none_of_symbol
    )


def _none(_call: Call) -> Json:
    """Return lists of orders: there are none."""
    return []


endpoint("GET", "/api/v3/openOrderList", weight=ip(6), note=_NO_ORDERS)(_none)
endpoint("GET", "/api/v3/allOrderList", _FROM_ID, *_TIMES, weight=ip(20), note=_NO_ORDERS)(_none)


@endpoint("GET", "/api/v3/order", SYMBOL, _ORDER_ID, _CLIENT_ID, weight=ip(4), note=_NO_ORDERS)
def order(call: Call) -> Json:
    """Return an order: there is none."""
    _check_symbol(call, call.values[SYMBOL])
    raise NoSuchOrder


def _cancel(call: Call) -> Json:
    """Cancel an order: there is none."""
    _check_symbol(call, call.values[SYMBOL])
    raise UnknownOrder


endpoint(
    "DELETE",
    "/api/v3/order",
    SYMBOL,
    _ORDER_ID,
    _CLIENT_ID,
    weight=ip(1),
    right=Right.TRADE,
    note=_NO_ORDERS,
)(_cancel)
endpoint("DELETE", "/api/v3/openOrders", SYMBOL, weight=ip(1), right=Right.TRADE, note=_NO_ORDERS)(
    _cancel
)


def key_facts(call: Call) -> dict[str, Any]:
    """Return what a key may do, as the exchange writes it."""
    key = accounts.keys.find_api_key(call.account_id, call.signed.holder.key_id)
    may_trade = Right.TRADE in key.rights
    return {
        "ipRestrict": bool(key.networks),
        "createTime": time_number(key.created_at),
        "enableReading": Right.READ in key.rights,
        "enableWithdrawals": Right.WITHDRAW in key.rights,
        "enableInternalTransfer": False,
        "enableMargin": False,
        "enableFutures": False,
        "permitsUniversalTransfer": may_trade,
        "enableVanillaOptions": False,
        "enableFixApiTrade": False,
        "enableFixReadOnly": False,
        "enableSpotAndMarginTrading": may_trade,
        "enablePortfolioMarginTrading": False,
    }
