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
    #: In words: a percentage, or units of another asset.
    rate: str
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
    #: The term; None where there is none.
    days: int | None
    #: When the operator ends it and everything comes back, if that is decided.
    retires_at: datetime | None
    #: Liquid staking: what a customer holds instead of the asset, and what one of it is worth;
    #: the worth is None as long as it is not published.
    token: str
    ratio: Amount | None
    #: What is left of its quotas; None where there are none, or where it was not asked for.
    room: earn.QuotaLeft | None = None
    #: What it pays by the day besides its rate, in words.
    bonus: str = ""

    @property
    def is_full(self) -> bool:
        """Whether its quotas leave no room for who asks."""
        return self.room is not None and self.room.is_full

    @property
    def can_enter(self) -> bool:
        """Whether who asks could subscribe now."""
        return self.is_open and not self.barred and self.stopped_until is None and not self.is_full


def rows(visit: Visit) -> tuple[ProductRow, ...]:
    """Return every product as a row."""
    return tuple(row_of(visit, product) for product in visit.products)


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
        # Rates in other assets are compared with nothing.
        apr=Decimal(0) if words.pays_apart(product) else product.apr,
        rate=words.rate_text(product),
        minimum=Amount(terms.minimum, product.asset),
        quota=None if quota is None else Amount(quota, product.asset),
        leaving=words.cost_of_leaving(product),
        arriving=_arriving(visit, product),
        grace=words.grace_of(product),
        is_open=product.subscriptions_open,
        stopped_until=_stopped_until(visit, product),
        barred=_barred(visit, product),
        maximum=None if terms.maximum is None else Amount(terms.maximum, product.asset),
        days=terms.duration_days,
        retires_at=product.retires_at,
        token=product.token or "",
        ratio=_ratio(visit, product),
    )


def _ratio(visit: Visit, product: earn.ProductView) -> Amount | None:
    ratio = visit.ratios.get(product.id) if product.kind == "LIQUID" else None
    return None if ratio is None else Amount(ratio, product.asset)


def _arriving(visit: Visit, product: earn.ProductView) -> str:
    """Return how long the money takes, in words, each way that there is."""
    unbonding = visit.unbondings.get(product.asset) if product.family == "ONCHAIN" else None
    hours = None if unbonding is None else (unbonding.hours_min, unbonding.hours_max)
    return words.time_to_arrive(product, unbonding=hours)


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
