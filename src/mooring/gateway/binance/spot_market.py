"""Prices from the price feed, and a market in which nobody trades yet. Source: binance-api §3.5."""

from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.gateway.binance.endpoints import Call, Json, endpoint, ip
from mooring.gateway.binance.figures import amount_text, time_number
from mooring.gateway.binance.markets import (
    A_DAY,
    SYMBOL,
    SYMBOL_OR_ALL,
    SYMBOLS,
    Prices,
    asked_symbols,
    day_of,
    one_symbol,
)
from mooring.gateway.binance.parameters import (
    END_TIME,
    ID,
    START_TIME,
    defaulting,
    matching,
    one_of,
    optional,
    whole,
)
from mooring.kernel.rounding import floor_quotient

_KIND: Final = defaulting("type", one_of("FULL", "MINI"), "FULL")
_STATUS: Final = optional("symbolStatus", matching(r"[A-Z_]{1,32}", example="BREAK"))
_LIMIT: Final = defaulting("limit", whole(1, 5_000), 100, example="100")
_FROM_ID: Final = optional("fromId", ID)
_ZERO: Final = "0.00000000"
_FEED: Final = _("The price of the feed: nobody trades yet.")
_NOBODY: Final = _("Nobody trades yet: prices are the feed's, and everything of trades is nothing.")


def _one_or_all(rows: list[dict[str, Any]], is_one: bool) -> Json:  # noqa: FBT001 - of `asked_symbols`
    return rows[0] if is_one else rows


@endpoint(
    "GET",
    "/api/v3/ticker/price",
    SYMBOL_OR_ALL,
    SYMBOLS,
    _STATUS,
    weight=ip(2),
    right=None,
    note=_FEED,
)
def price(call: Call) -> Json:
    """Return the last prices."""
    found, is_one = asked_symbols(call)
    prices = day_of(call, found)
    return _one_or_all(
        [{"symbol": one.name, "price": amount_text(prices[one.name].last)} for one in found],
        is_one,
    )


@endpoint(
    "GET",
    "/api/v3/ticker/bookTicker",
    SYMBOL_OR_ALL,
    SYMBOLS,
    _STATUS,
    weight=ip(2),
    right=None,
    note=_("Bid and ask are the feed's price, for nothing."),
)
def book_ticker(call: Call) -> Json:
    """Return the best offers."""
    found, is_one = asked_symbols(call)
    prices = day_of(call, found)
    return _one_or_all(
        [
            {
                "symbol": one.name,
                "bidPrice": amount_text(prices[one.name].last),
                "bidQty": _ZERO,
                "askPrice": amount_text(prices[one.name].last),
                "askQty": _ZERO,
            }
            for one in found
        ],
        is_one,
    )


@endpoint(
    "GET",
    "/api/v3/ticker/24hr",
    SYMBOL_OR_ALL,
    SYMBOLS,
    _KIND,
    _STATUS,
    weight=ip(80),
    right=None,
    note=_NOBODY,
)
def day_ticker(call: Call) -> Json:
    """Return how prices changed in the last 24 hours."""
    found, is_one = asked_symbols(call)
    prices = day_of(call, found)
    is_full = call.values[_KIND] == "FULL"
    return _one_or_all(
        [
            _changes(call, one.name, prices[one.name])
            | (_offers(prices[one.name]) if is_full else {})
            for one in found
        ],
        is_one,
    )


def _changes(call: Call, name: str, prices: Prices) -> dict[str, Any]:
    change = prices.last - prices.opening
    percent = floor_quotient(abs(change) * 100, prices.opening, 3)
    return {
        "symbol": name,
        "priceChange": _signed(change),
        "priceChangePercent": f"{'-' if change < 0 else ''}{percent:f}",
        "weightedAvgPrice": amount_text(prices.last),
        "openPrice": amount_text(prices.opening),
        "highPrice": amount_text(prices.high),
        "lowPrice": amount_text(prices.low),
        "lastPrice": amount_text(prices.last),
        "volume": _ZERO,
        "quoteVolume": _ZERO,
        "openTime": time_number(call.at - A_DAY),
        "closeTime": time_number(call.at),
        "firstId": -1,
        "lastId": -1,
        "count": 0,
    }


def _signed(change: Decimal) -> str:
    return f"{'-' if change < 0 else ''}{amount_text(abs(change))}"


def _offers(prices: Prices) -> dict[str, str]:
    return {
        "prevClosePrice": amount_text(prices.opening),
        "lastQty": _ZERO,
        "bidPrice": amount_text(prices.last),
        "bidQty": _ZERO,
        "askPrice": amount_text(prices.last),
        "askQty": _ZERO,
    }


@endpoint("GET", "/api/v3/avgPrice", SYMBOL, weight=ip(2), right=None, note=_FEED)
def average(call: Call) -> Json:
    """Return the price, which is its own average."""
    symbol = one_symbol(call)
    last = day_of(call, [symbol])[symbol.name].last
    return {"mins": 5, "price": amount_text(last), "closeTime": time_number(call.at)}


@endpoint("GET", "/api/v3/depth", SYMBOL, _LIMIT, _STATUS, weight=ip(5), right=None, note=_NOBODY)
def depth(call: Call) -> Json:
    """Return the order book: it is empty."""
    one_symbol(call)
    return {"lastUpdateId": 0, "bids": [], "asks": []}


def _no_trades(call: Call) -> Json:
    """Return the trades of a symbol: there are none."""
    one_symbol(call)
    return []


endpoint("GET", "/api/v3/trades", SYMBOL, _LIMIT, weight=ip(25), right=None, note=_NOBODY)(
    _no_trades
)
endpoint(
    "GET",
    "/api/v3/historicalTrades",
    SYMBOL,
    _LIMIT,
    _FROM_ID,
    weight=ip(25),
    right=None,
    note=_NOBODY,
)(_no_trades)
endpoint(
    "GET",
    "/api/v3/aggTrades",
    SYMBOL,
    _LIMIT,
    _FROM_ID,
    START_TIME,
    END_TIME,
    weight=ip(4),
    right=None,
    note=_NOBODY,
)(_no_trades)
