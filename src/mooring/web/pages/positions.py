"""The overview of everything staked. Source: requirements EARN-1, EARN-2, EARN-8."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.web.pages import catalogue as catalogue_pages
from mooring.web.pages import composition, earnings
from mooring.web.pages import product_words as words
from mooring.web.pages import products as product_pages
from mooring.web.pages import redemptions as redemption_pages
from mooring.web.visit import Visit

#: Rows at once: five hundred would be a page of 700 kB that nobody reads to its end.
PAGE_SIZE: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRow:
    """A position as a row; `rewards` are all it earned so far, paid or not."""

    id: int
    asset: str
    asset_name: str
    kind: str
    product: str
    product_code: str
    amount: Amount
    value: Amount | None
    rate: str
    rewards: Amount
    status: str
    status_name: str
    tone: str
    opened_at: datetime
    ends_at: datetime | None
    percent_done: int | None
    may_redeem: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a visitor wants to see, and in which order."""

    query: str = ""
    asset: str = ""
    kind: str = ""
    status: str = "HOLDING"
    sort: str = "value"
    page: int = 1


class Entry(NamedTuple):
    """What finding, sorting and summing need of a position; only a page of them become rows."""

    position: earn.PositionView
    amount: Amount
    value: Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """
    A member's positions as wished.

    `rows` are a page of the `found` positions that fit the wish; `previous` and `following`
    are the queries of the pages beside it, empty where there is none.
    """

    on_their_way: tuple[redemption_pages.RedemptionRow, ...]
    rows: tuple[PositionRow, ...]
    found: int
    previous: str
    following: str
    held: tuple[Entry, ...]
    wish: Wish
    assets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """
    Everything staked by a member: what it is worth, what it earned, what it is made of.

    `rates` are those of the product that most value is in, of those whose yield may change:
    `rated`.
    """

    listing: Listing
    total: Amount
    on_their_way_total: Amount
    earned: earnings.Earned
    by_asset: tuple[composition.Share, ...]
    by_kind: tuple[composition.Share, ...]
    has_liquid: bool
    rates: earnings.RateChart | None
    rated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPage:
    """One asset in Earn: a member's positions in it, and its products."""

    code: str
    name: str
    total: Amount
    value: Amount | None
    rows: tuple[PositionRow, ...]
    products: tuple[product_pages.ProductRow, ...]


SORTS: Final[dict[str, Callable[[Entry], Any]]] = {
    "value": lambda one: (
        one.value is None,
        -one.value.number if one.value else 0,
        one.position.id,
    ),
    "end": lambda one: (
        one.position.rewards_end is None,
        one.position.rewards_end or one.position.opened_at,
        one.position.id,
    ),
    "apr": lambda one: (-_comparable(one.position), one.position.id),
    "asset": lambda one: (one.position.asset, one.position.id),
    "newest": lambda one: -one.position.id,
}


def overview(visit: Visit, wish: Wish) -> OverviewPage:
    """Return a member's positions as wished, with the sums of all that are held."""
    listed = listing(visit, wish)
    rated = _most_valued(visit, listed.held)
    valued = [(one.position, one.value) for one in listed.held if one.value is not None]
    return OverviewPage(
        listing=listed,
        total=sum((value for _, value in valued), start=Amount.zero(visit.currency)),
        on_their_way_total=visit.sum_of_values(row.net for row in listed.on_their_way),
        earned=earnings.of_member(visit),
        by_asset=composition.by_asset(
            ((position.asset, value) for position, value in valued), currency=visit.currency
        ),
        by_kind=composition.by_kind(
            ((position.kind, value) for position, value in valued), currency=visit.currency
        ),
        has_liquid=any(one.position.kind == "LIQUID" for one in listed.held),
        rates=None if rated is None else earnings.rates_of(visit, rated),
        rated="" if rated is None else rated.code,
    )


def listing(visit: Visit, wish: Wish) -> Listing:
    """Return a member's positions as wished, and what is on its way."""
    positions = earn.list_positions(
        account_id=visit.account_id, at=visit.at, with_paid=wish.status in {"PAID", "ALL"}
    )
    pending = earn.list_redemptions(
        account_id=visit.account_id, at=visit.at, status=("QUEUED", "PENDING")
    )
    entries = [_entry(visit, position) for position in positions]
    fitting = sorted((one for one in entries if _fits(visit, one, wish)), key=SORTS[wish.sort])
    pages = max(1, -(-len(fitting) // PAGE_SIZE))
    number = min(max(1, wish.page), pages)
    first = (number - 1) * PAGE_SIZE
    return Listing(
        on_their_way=tuple(redemption_pages.row_of(visit, one) for one in pending),
        rows=tuple(row_of(visit, one.position) for one in fitting[first : first + PAGE_SIZE]),
        found=len(fitting),
        previous=_query(wish, page=number - 1) if number > 1 else "",
        following=_query(wish, page=number + 1) if number < pages else "",
        held=tuple(one for one in entries if one.position.status == "HOLDING"),
        wish=wish,
        assets=tuple(sorted({position.asset for position in positions})),
    )


def _entry(visit: Visit, position: earn.PositionView) -> Entry:
    amount = _amount_of(position)
    return Entry(position, amount, visit.value_of(amount))


def _most_valued(visit: Visit, held: Iterable[Entry]) -> earn.ProductView | None:
    """Return the product that most value is in, of those whose yield may change."""
    sums: dict[int, Amount] = {}
    products: dict[int, earn.ProductView] = {}
    for position, _amount, value in held:
        if position.kind != "LOCKED" and value is not None:
            products[position.product.id] = position.product
            before = sums.get(position.product.id, Amount.zero(visit.currency))
            sums[position.product.id] = before + value
    if not sums:
        return None
    return products[max(sums, key=lambda id_: sums[id_].number)]


def _query(wish: Wish, *, page: int) -> str:
    said = {
        "find": wish.query,
        "asset": wish.asset,
        "kind": wish.kind,
        "status": "" if wish.status == "HOLDING" else wish.status,
        "sort": "" if wish.sort == "value" else wish.sort,
        "page": str(page),
    }
    return "?" + urlencode({name: value for name, value in said.items() if value})


def asset(visit: Visit, code: str) -> AssetPage | None:
    """Return one asset in Earn; None if there is no such asset. Strangers see its products."""
    if code not in visit.assets:
        return None
    positions: tuple[earn.PositionView, ...] = ()
    if visit.profile is not None:
        positions = earn.list_positions(account_id=visit.account_id, asset=code, at=visit.at)
    rows = tuple(row_of(visit, position) for position in positions)
    total = sum((row.amount for row in rows if row.status == "HOLDING"), start=Amount.zero(code))
    catalogue = [product for product in visit.products if product.asset == code]
    return AssetPage(
        code=code,
        name=visit.name_of(code),
        total=total,
        value=visit.value_of(total),
        rows=rows,
        products=catalogue_pages.rows_of(visit, catalogue),
    )


def row_of(visit: Visit, position: earn.PositionView) -> PositionRow:
    """Return a position as a row."""
    amount = _amount_of(position)
    name, tone = status_of(position, at=visit.at)
    return PositionRow(
        id=position.id,
        asset=position.asset,
        asset_name=visit.name_of(position.asset),
        kind=position.kind,
        product=words.name_of(position.product),
        product_code=position.product.code,
        amount=amount,
        value=visit.value_of(amount),
        rate=words.rate_text(position.product),
        rewards=position.rewards_paid + position.accrued,
        status=position.status,
        status_name=name,
        tone=tone,
        opened_at=position.opened_at,
        ends_at=position.rewards_end,
        percent_done=_percent_done(position),
        may_redeem=may_redeem(position, at=visit.at),
    )


def _comparable(position: earn.PositionView) -> Decimal:
    """Return the rate to sort by; rates in other assets are compared with nothing."""
    return Decimal(0) if words.pays_apart(position.product) else position.apr


def _amount_of(position: earn.PositionView) -> Amount:
    if position.kind != "FLEXIBLE":
        return position.amount
    # What was earned since the last credit leaves with the rest: it is in the position.
    return position.amount + position.accrued


def may_redeem(position: earn.PositionView, *, at: datetime) -> bool:
    """Whether the terms let this position be left now."""
    if position.status != "HOLDING":
        return False
    ended = position.rewards_end is not None and at >= position.rewards_end
    return position.kind != "LOCKED" or ended or words.may_leave_early(position.terms)


def status_of(position: earn.PositionView, *, at: datetime) -> tuple[str, str]:
    """Return a position's state in words, and its meaning (good, wait, or neither)."""
    if position.status == "PAID":
        return _("Paid out"), ""
    if position.status == "REDEEMING":
        return _("On its way"), "wait"
    if position.value_date is not None and at < position.value_date:
        return _("Starts soon"), "wait"
    return _("Earning"), "good"


def _percent_done(position: earn.PositionView) -> int | None:
    if position.days_total is None or position.days_accrued is None:
        return None
    return min(100, position.days_accrued * 100 // position.days_total)


def _fits(visit: Visit, one: Entry, wish: Wish) -> bool:
    position = one.position
    if wish.status not in {"ALL", position.status} or wish.kind not in {"", position.kind}:
        return False
    if wish.asset not in {"", position.asset}:
        return False
    needle = wish.query.strip().casefold()
    words = (position.asset, visit.name_of(position.asset), position.product.code, position.id)
    return not needle or needle in " ".join(map(str, words)).casefold()
