"""The door of assets."""

# Actions
from mooring.assets.actions.quote_prices import quote_prices
from mooring.assets.actions.register import register

# Refusals
from mooring.assets.errors import (
    AssetRegisteredOtherwise,
    NoPrice,
    PriceAlreadyQuoted,
    UnknownAsset,
    UnknownCurrency,
)

# Types
from mooring.assets.facts import Asset, PriceChange, Quote

# Queries
from mooring.assets.queries import (
    CURRENCIES,
    find_values,
    get_asset,
    get_assets,
    list_assets,
    price_changes,
    prices,
    total_value,
    value_in,
)

__all__ = [
    "CURRENCIES",
    "Asset",
    "AssetRegisteredOtherwise",
    "NoPrice",
    "PriceAlreadyQuoted",
    "PriceChange",
    "Quote",
    "UnknownAsset",
    "UnknownCurrency",
    "find_values",
    "get_asset",
    "get_assets",
    "list_assets",
    "price_changes",
    "prices",
    "quote_prices",
    "register",
    "total_value",
    "value_in",
]
