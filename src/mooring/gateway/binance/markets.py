"""
Symbols and their prices, from the price feed. Source: binance-api §3.5.

There is no market yet: every symbol is listed with status BREAK, has a price and no orders.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from mooring.assets import api as assets
from mooring.gateway.binance import errors
from mooring.gateway.binance.endpoints import Call
from mooring.gateway.binance.parameters import Kind, matching, optional, required
from mooring.kernel.rounding import floor_quotient

#: What prices are told in.
QUOTE_ASSET: Final = "USDT"
#: Decimals of a price; it is cut to them.
PRICE_DECIMALS: Final = 8
A_DAY: Final = timedelta(days=1)


class BadSymbol(errors.ApiRefusal):
    """There is no such symbol."""

    code = "api_bad_symbol"
    number = -1121

    def __init__(self) -> None:
        super().__init__("Invalid symbol.")


class OneOrTheOther(errors.ApiRefusal):
    """Either one symbol is asked for or several."""

    code = "api_one_or_the_other"
    number = -1128

    def __init__(self) -> None:
        super().__init__("Combination of optional parameters invalid.")


_SYMBOL: Final = matching(r"[A-Z0-9]{1,32}", example="BTCUSDT")


#: `["BTCUSDT","ETHUSDT"]`, as the exchange wants several.
_SEVERAL: Final = matching(r"\[\"[A-Z0-9]{1,32}\"(, ?\"[A-Z0-9]{1,32}\"){0,99}\]", example="x")


def _read_symbols(name: str, text: str) -> tuple[str, ...]:
    words = _SEVERAL.read(name, text)[1:-1].split(",")
    return tuple(word.strip(' "') for word in words)


SYMBOL: Final = required("symbol", _SYMBOL)
SYMBOL_OR_ALL: Final = optional("symbol", _SYMBOL)
SYMBOLS: Final = optional(
    "symbols", Kind(read=_read_symbols, legal='["A","B"]', example='["BTCUSDT"]')
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """An asset against the quote asset."""

    base: assets.Asset
    quote: assets.Asset

    @property
    def name(self) -> str:
        """Return both codes as one word."""
        return f"{self.base.code}{self.quote.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What one unit of a symbol's base cost in the last day, in its quote."""

    opening: Decimal
    high: Decimal
    low: Decimal
    last: Decimal


def symbols(call: Call) -> dict[str, Symbol]:
    """Return every symbol by its name: each active asset that has a price."""
    known = {asset.code: asset for asset in assets.list_assets(only_active=True)}
    quote = known.get(QUOTE_ASSET)
    priced = assets.prices(at=call.at)
    if quote is None or QUOTE_ASSET not in priced:
        return {}
    found = (
        Symbol(base=asset, quote=quote)
        for code, asset in sorted(known.items())
        if code != QUOTE_ASSET and code in priced
    )
    return {symbol.name: symbol for symbol in found}


def asked_symbols(call: Call) -> tuple[list[Symbol], bool]:
    """
    Return the symbols that were asked for, and whether it was one alone.

    Raises:
        BadSymbol: one of them does not exist.
        OneOrTheOther: `symbol` and `symbols` were both sent.
    """
    one, several = call.values[SYMBOL_OR_ALL], call.values[SYMBOLS]
    if one is not None and several is not None:
        raise OneOrTheOther
    known = symbols(call)
    if one is None and several is None:
        return list(known.values()), False
    wanted: Iterable[str] = (one,) if one is not None else several or ()
    try:
        return [known[name] for name in wanted], one is not None
    except KeyError as error:
        raise BadSymbol from error


def one_symbol(call: Call) -> Symbol:
    """
    Return the symbol that was named.

    Raises:
        BadSymbol: there is none.
    """
    found = symbols(call).get(call.values[SYMBOL])
    if found is None:
        raise BadSymbol
    return found


def day_of(call: Call, wanted: Iterable[Symbol]) -> dict[str, Prices]:
    """
    Return what symbols cost in the last 24 hours, by name.

    Highest and lowest are of the asset in dollars, at the quote's price now: the feed has no
    price of one in the other.
    """
    changes = assets.price_changes(since=call.at - A_DAY, until=call.at)
    unit = changes[QUOTE_ASSET].last if QUOTE_ASSET in changes else Decimal(1)

    def price(usd: Decimal) -> Decimal:
        return floor_quotient(usd, unit, PRICE_DECIMALS)

    return {
        symbol.name: Prices(
            opening=price(change.opening),
            high=price(change.high),
            low=price(change.low),
            last=price(change.last),
        )
        for symbol in wanted
        if (change := changes.get(symbol.base.code)) is not None
    }
