"""The catalogue: every product to compare, filtered and sorted (EARN-1, EARN-2; pages, map)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mooring.earn import api as earn
from mooring.web.figures import percent_text
from mooring.web.pages import products
from mooring.web.pages.products import ProductRow
from mooring.web.visit import Visit

#: A product without a term stands under this one in the choice of terms.
_NO_TERM: Final = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a visitor wants to see; a text that is none of the choices counts as none."""

    query: str = ""
    kind: str = ""
    asset: str = ""
    term: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, its words, and whether it is the present one."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage:
    """The catalogue as it is wished, and what else can be wished."""

    rows: tuple[ProductRow, ...]
    query: str
    is_filtered: bool
    kinds: tuple[Choice, ...]
    assets: tuple[Choice, ...]
    terms: tuple[Choice, ...]
    sorts: tuple[Choice, ...]


def catalogue(visit: Visit, wish: Wish) -> CataloguePage:
    """Return the products that fit; what can be entered stands before what cannot."""
    offered = [item for item in visit.products if not _is_over(visit, item)]
    rows = rows_of(visit, offered)
    kinds = _choices(_kinds(rows), wish.kind)
    assets = _choices(_assets(rows), wish.asset)
    terms = _choices(_terms(rows), wish.term)
    sorts = _choices(_sorts(), wish.sort)
    fitting = _fitting(rows, wish.query, kind=_of(kinds), asset=_of(assets), term=_of(terms))
    return CataloguePage(
        rows=tuple(sorted(fitting, key=_order(_of(sorts)))),
        query=wish.query,
        is_filtered=bool(wish.query or _of(kinds) or _of(assets) or _of(terms)),
        kinds=kinds,
        assets=assets,
        terms=terms,
        sorts=sorts,
    )


def rows_of(visit: Visit, wanted: Iterable[earn.ProductView]) -> tuple[ProductRow, ...]:
    """Return products as rows that also say what is left of quotas and what is paid by the day."""
    shown = list(wanted)
    account_id = None if visit.profile is None else visit.profile.account_id
    quotas = earn.quotas_left(shown, account_id=account_id, at=visit.at)
    return tuple(
        replace(
            products.row_of(visit, product),
            room=quotas.get(product.id),
            bonus=_bonus(visit, visit.daily_rates.get(product.id)),
        )
        for product in shown
    )


def _is_over(visit: Visit, product: earn.ProductView) -> bool:
    return product.retires_at is not None and product.retires_at <= visit.at


def _bonus(visit: Visit, rates: earn.DailyRates | None) -> str:
    """Return what is paid by the day besides the rate, in words; empty where nothing is."""
    if rates is None:
        return ""
    today = visit.at.astimezone(UTC).date()
    said = []
    bonus = max((tier.rate for tier in rates.bonus_on(today)), default=None)
    if bonus:
        said.append(_("up to %(rate)s more by the day") % {"rate": percent_text(bonus)})
    extra = max((tier.rate for tier in rates.extra_on(today)), default=None)
    if extra and rates.extra_asset:
        said.append(
            _("up to %(rate)s in %(asset)s by the day")
            % {"rate": percent_text(extra), "asset": rates.extra_asset}
        )
    # Translators: joins "up to 5 % more by the day" and "up to 1 % in BNB by the day".
    return _(", ").join(said)


def _fitting(
    rows: Iterable[ProductRow], query: str, *, kind: str, asset: str, term: str
) -> list[ProductRow]:
    needle = query.strip().casefold()
    return [
        row
        for row in rows
        if (not kind or row.kind == kind)
        and (not asset or row.asset == asset)
        and (not term or _term_of(row) == term)
        and needle in f"{row.asset} {row.asset_name} {row.code} {row.name}".casefold()
    ]


def _term_of(row: ProductRow) -> str:
    return _NO_TERM if row.days is None else str(row.days)


def _kinds(rows: Iterable[ProductRow]) -> list[tuple[str, str]]:
    names = {
        "FLEXIBLE": _("Flexible"),
        "LOCKED": _("Locked"),
        "LIQUID": _("Liquid staking"),
    }
    there = {row.kind for row in rows}
    return [("", _("All")), *((kind, name) for kind, name in names.items() if kind in there)]


def _assets(rows: Iterable[ProductRow]) -> list[tuple[str, str]]:
    there = sorted({(row.asset, row.asset_name) for row in rows})
    return [("", _("All")), *((asset, f"{asset} · {name}") for asset, name in there)]


def _terms(rows: Iterable[ProductRow]) -> list[tuple[str, str]]:
    there = sorted({row.days or 0 for row in rows})
    return [("", _("All")), *((str(days), _term_name(days)) for days in there)]


def _term_name(days: int) -> str:
    if not days:
        return _("No term")
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def _sorts() -> list[tuple[str, str]]:
    return [("", _("Asset")), ("rate", _("Highest rate")), ("term", _("Shortest term"))]


def _choices(offered: list[tuple[str, str]], wished: str) -> tuple[Choice, ...]:
    chosen = wished if wished in {value for value, _name in offered} else ""
    return tuple(Choice(value, name, value == chosen) for value, name in offered)


def _of(choices: Iterable[Choice]) -> str:
    return next(choice.value for choice in choices if choice.is_chosen)


def _order(sort: str) -> Callable[[ProductRow], tuple[Any, ...]]:
    def by_asset(row: ProductRow) -> tuple[Any, ...]:
        return (row.asset, row.kind, row.days or 0, row.code)

    if sort == "rate":
        return lambda row: (not row.can_enter, -row.apr, *by_asset(row))
    if sort == "term":
        return lambda row: (not row.can_enter, row.days or 0, *by_asset(row))
    return lambda row: (not row.can_enter, *by_asset(row))
