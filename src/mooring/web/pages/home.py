"""The home page: what a member has, and what could be done next."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from mooring.kernel.money import Amount
from mooring.kernel.rounding import floor_quotient
from mooring.web.pages import positions as position_pages
from mooring.web.pages import products as product_pages
from mooring.web.pages import redemptions as redemption_pages
from mooring.web.pages import wallet as wallet_pages
from mooring.web.visit import Visit

_ROWS_SHOWN: Final = 5
_RATES_SHOWN: Final = 6
#: An end that is nearer than this is worth a line on the first page.
_SOON: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberHome:
    """What a member sees first."""

    total: Amount
    unpriced: tuple[str, ...]
    spot: Amount
    earn: Amount
    rows: tuple[wallet_pages.AssetRow, ...]
    earn_percent: int
    positions: tuple[position_pages.PositionRow, ...]
    on_their_way: tuple[redemption_pages.RedemptionRow, ...]
    ending: tuple[position_pages.PositionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerHome:
    """What a stranger sees first."""

    rates: tuple[product_pages.ProductRow, ...]


def stranger(visit: Visit) -> StrangerHome:
    """Return the page for somebody who is not logged in: the best rate of each asset."""
    best: dict[str, product_pages.ProductRow] = {}
    for row in product_pages.rows(visit):
        if row.is_open and (row.asset not in best or row.apr > best[row.asset].apr):
            best[row.asset] = row
    rates = sorted(best.values(), key=lambda row: -row.apr)
    return StrangerHome(rates=tuple(rates[:_RATES_SHOWN]))


def member(visit: Visit) -> MemberHome:
    """Return the member's home page."""
    page = wallet_pages.wallet(visit)
    earning = position_pages.listing(visit, position_pages.Wish())
    soon = visit.at + _SOON
    return MemberHome(
        total=page.total,
        unpriced=page.unpriced,
        spot=page.spot,
        earn=page.earn,
        rows=page.rows[:_ROWS_SHOWN],
        earn_percent=_percent(page.earn, page.total),
        positions=earning.rows[:_ROWS_SHOWN],
        on_their_way=earning.on_their_way[:_ROWS_SHOWN],
        ending=tuple(
            row
            for row in earning.rows
            if row.status == "HOLDING" and row.ends_at is not None and row.ends_at <= soon
        ),
    )


def _percent(part: Amount, whole: Amount) -> int:
    if whole.is_zero:
        return 0
    return int(floor_quotient(part.number * Decimal(100), whole.number, 0))
