"""The home page: what a member has, and what could be done next."""

from dataclasses import dataclass
from decimal import Decimal

from mooring.kernel.money import Amount
from mooring.kernel.rounding import floor_quotient
from mooring.web.pages import wallet as wallet_pages
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of the whole: its name, its value, and how many of 100 parts it is."""

    name: str
    value: Amount
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberHome:
    """What a member sees first."""

    total: Amount
    unpriced: tuple[str, ...]
    spot: Amount
    earn: Amount
    rows: tuple[wallet_pages.AssetRow, ...]
    earn_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerHome:
    """What a stranger sees first."""

    rates: tuple[()]


def stranger(_visit: Visit) -> StrangerHome:
    """Return the page for somebody who is not logged in."""
    return StrangerHome(rates=())


def member(visit: Visit) -> MemberHome:
    """Return the member's home page."""
    page = wallet_pages.wallet(visit)
    return MemberHome(
        total=page.total,
        unpriced=page.unpriced,
        spot=page.spot,
        earn=page.earn,
        rows=page.rows[:5],
        earn_percent=_percent(page.earn, page.total),
    )


def _percent(part: Amount, whole: Amount) -> int:
    if whole.is_zero:
        return 0
    return int(floor_quotient(part.number * Decimal(100), whole.number, 0))
