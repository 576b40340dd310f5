"""The markets page: assets and what a unit of each is worth."""

from dataclasses import dataclass
from decimal import Decimal

from mooring.kernel.money import Amount
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRow:
    """An asset and the value of one unit of it."""

    code: str
    name: str
    kind: str
    price: Amount | None


def markets(visit: Visit) -> tuple[MarketRow, ...]:
    """Return every active asset with its price in the visitor's currency."""
    return tuple(
        MarketRow(
            code=asset.code,
            name=asset.name,
            kind=asset.kind,
            price=visit.value_of(Amount(Decimal(1), asset.code)),
        )
        for asset in visit.assets.values()
        if asset.is_active
    )
