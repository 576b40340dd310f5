"""
What assets declines.

    Refusal
    ├── UnknownAsset                no asset has this code
    ├── UnknownCurrency             values are not shown in this currency
    ├── NoPrice                     there is no price, so there is no value
    ├── AssetRegisteredOtherwise    the code stands for an asset with other facts
    └── PriceAlreadyQuoted          another price is valid from the same time
"""

from datetime import datetime

from mooring.kernel.errors import Refusal


class UnknownAsset(Refusal):
    """No asset has this code."""

    code = "asset_unknown"

    def __init__(self, *, asset: str) -> None:
        super().__init__(f"There is no asset {asset[:20]!r}.")
        self.asset = asset


class UnknownCurrency(Refusal):
    """Values are not shown in this currency."""

    code = "currency_unknown"

    def __init__(self, *, currency: str) -> None:
        super().__init__(f"Values are not shown in {currency[:20]!r}.")
        self.currency = currency


class NoPrice(Refusal):
    """
    The asset has no price at this time, so what is held of it has no known value.

    It never counts as one, nor as nothing.
    """

    code = "asset_no_price"

    def __init__(self, *, asset: str, at: datetime) -> None:
        super().__init__(f"{asset} has no price at {at:%Y-%m-%d %H:%M:%S} UTC.")
        self.asset = asset
        self.at = at


class AssetRegisteredOtherwise(Refusal):
    """The code stands for an asset with another name, kind or decimals."""

    code = "asset_registered_otherwise"

    def __init__(self, *, asset: str) -> None:
        super().__init__(f"{asset} is registered with other facts already.")
        self.asset = asset


class PriceAlreadyQuoted(Refusal):
    """Another price of this asset is valid from the same time."""

    code = "asset_price_already_quoted"

    def __init__(self, *, asset: str, valid_from: datetime) -> None:
        super().__init__(
            f"{asset} has another price from {valid_from:%Y-%m-%d %H:%M:%S} UTC already."
        )
        self.asset = asset
        self.valid_from = valid_from
