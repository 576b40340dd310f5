"""The catalogue: rate, term, minimum, and what leaving costs, before anybody enters."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.web.pages import product_words as words
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A product as a person compares it."""

    code: str
    asset: str
    asset_name: str
    kind: str
    name: str
    term: str
    apr: Decimal
    minimum: Amount
    quota: Amount | None
    leaving: str
    arriving: str
    grace: str
    is_open: bool
    #: Until when maintenance keeps new money out.
    stopped_until: datetime | None
    #: Why this member cannot enter: `country`, `verify` while we do not know where they live.
    barred: str
    maximum: Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductsPage:
    """The catalogue, filtered."""

    rows: tuple[ProductRow, ...]
    kind: str
    query: str


def products(visit: Visit, *, kind: str = "", query: str = "") -> ProductsPage:
    """Return the products of a kind whose asset fits `query`."""
    needle = query.strip().casefold()
    rows = (
        row
        for row in (row_of(visit, product) for product in visit.products)
        if (not kind or row.kind == kind)
        and needle in f"{row.asset} {row.asset_name} {row.code}".casefold()
    )
    return ProductsPage(rows=tuple(rows), kind=kind, query=query)


def row_of(visit: Visit, product: earn.ProductView) -> ProductRow:
    """Return a product as a row of the catalogue."""
    terms = product.terms
    quota = terms.quota_per_person
    return ProductRow(
        code=product.code,
        asset=product.asset,
        asset_name=visit.name_of(product.asset),
        kind=product.kind,
        name=words.name_of(product),
        term=words.term_of(product),
        apr=product.apr,
        minimum=Amount(terms.minimum, product.asset),
        quota=None if quota is None else Amount(quota, product.asset),
        leaving=words.cost_of_leaving(product),
        arriving=words.time_to_arrive(product),
        grace=words.grace_of(product),
        is_open=product.subscriptions_open,
        stopped_until=_stopped_until(visit, product),
        barred=_barred(visit, product),
        maximum=None if terms.maximum is None else Amount(terms.maximum, product.asset),
    )


def _barred(visit: Visit, product: earn.ProductView) -> str:
    excluded = product.terms.excluded_countries
    # Whom we do not know at all reads the catalogue as it is.
    if not excluded or visit.profile is None:
        return ""
    if not visit.country:
        return "verify"
    return "country" if visit.country in excluded else ""


def _stopped_until(visit: Visit, product: earn.ProductView) -> datetime | None:
    stopping = (one for one in visit.windows.get(product.id, ()) if one.stops_subscriptions)
    return max((window.ends_at for window in stopping), default=None)
