"""What is known of an asset and of a price, as the other apps see it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """
    A coin or currency.

    Args:
        code: its ticker, capitals and digits.
        ledger_decimals: the finest that can arrive or leave: 8 for BTC, 18 for ETH.
        display_decimals: how many a page shows.
        reward_decimals: the finest reward that is paid.
    """

    code: str
    name: str
    kind: Literal["CRYPTO", "FIAT"] = "CRYPTO"
    ledger_decimals: int = 8
    display_decimals: int = 8
    reward_decimals: int = 8
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One unit of `asset` is worth `usd` US dollars from `valid_from` on."""

    asset: str
    usd: Decimal
    valid_from: datetime
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """What a unit of an asset cost at first, at most, at least and at last in a time, in USD."""

    opening: Decimal
    high: Decimal
    low: Decimal
    last: Decimal
