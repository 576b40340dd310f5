"""What goes into flexible products by itself. Source: requirement EARN-13."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.policies import api as policies
from mooring.web import terms
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoRow:
    """A flexible product, and whether free spot goes into it by itself."""

    code: str
    asset: str
    asset_name: str
    apr: Decimal
    minimum: Amount
    is_on: bool
    ran_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoPage:
    """Every flexible product, those that are on first, and when the run is."""

    rows: tuple[AutoRow, ...]
    runs_at: time
    terms_version: str


def page_of(visit: Visit) -> AutoPage:
    """Return the page of the member."""
    wishes = {
        wish.product_code: wish
        for wish in earn.list_auto_subscriptions(account_id=visit.account_id)
    }
    rows = [
        AutoRow(
            code=product.code,
            asset=product.asset,
            asset_name=visit.name_of(product.asset),
            apr=product.apr,
            minimum=Amount(product.terms.minimum, product.asset),
            is_on=product.code in wishes,
            ran_on=wishes[product.code].ran_on if product.code in wishes else None,
        )
        for product in visit.products
        if product.kind == "FLEXIBLE"
    ]
    minutes = policies.in_force(at=visit.at)[earn.AUTO_SUBSCRIBE_MINUTES]
    return AutoPage(
        rows=tuple(sorted(rows, key=lambda row: (not row.is_on, row.asset, row.code))),
        runs_at=time(*divmod(minutes, 60)),
        terms_version=terms.VERSION,
    )


def is_on(visit: Visit, product_code: str) -> bool:
    """Whether free spot of the member goes into a product by itself."""
    wishes = earn.list_auto_subscriptions(account_id=visit.account_id)
    return any(wish.product_code == product_code for wish in wishes)
