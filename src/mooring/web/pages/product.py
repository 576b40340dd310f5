"""One product in full, and its calculator (EARN-2, EARN-3, EARN-16)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from decimal import Decimal
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from mooring.web import refusals
from mooring.web.forms.amount import read_amount
from mooring.web.forms.days import read_days
from mooring.web.forms.verification import country_names
from mooring.web.pages import catalogue, windows
from mooring.web.pages.earnings import RateChart, daily_rates_of, rates_of
from mooring.web.pages.products import ProductRow
from mooring.web.visit import Visit

_UNPROCESSABLE: Final = 422
_DAYS_FIRST: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRow:
    """What a part of a balance earns by the day, and in what."""

    above: Amount
    up_to: Amount | None
    rate: Decimal
    asset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRow:
    """A way out of what was reckoned with, its name, and what it gives in the visitor's money."""

    name: str
    way: earn.WayOut
    value: Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculator:
    """What was typed, what is wrong with it, or what it comes to."""

    amount: str
    days: str
    days_most: int
    amount_problem: str = ""
    days_problem: str = ""
    estimate: earn.Estimate | None = None
    value: Amount | None = None
    ways: tuple[WayRow, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether something typed cannot be reckoned with."""
        return bool(self.amount_problem or self.days_problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """A product: its terms, what it pays by the day, where it is not offered, its calculator."""

    row: ProductRow
    windows: tuple[windows.WindowRow, ...]
    tiers: tuple[TierRow, ...]
    excluded: tuple[str, ...]
    quota: Amount | None
    minimum_remaining: Amount | None
    terms_id: int
    is_renewable: bool
    reward_asset: str
    rates: RateChart | None
    daily_rates: tuple[RateChart, ...]
    calculator: Calculator

    @property
    def status(self) -> int:
        """The HTTP status that fits."""
        return _UNPROCESSABLE if self.calculator.is_wrong else 200


def page_of(visit: Visit, code: str, sent: QueryDict) -> ProductPage:
    """
    Return a product with what its calculator was asked.

    Raises:
        ProductNotFound: there is no such product.
    """
    product = earn.get_product(code=code, at=visit.at)
    [row] = catalogue.rows_of(visit, [product])
    terms = product.terms
    remaining = terms.minimum_remaining
    return ProductPage(
        row=row,
        windows=windows.rows_of_product(visit, code),
        tiers=_tiers(visit, product),
        excluded=_countries(terms.excluded_countries),
        quota=row.quota,
        minimum_remaining=Amount(remaining, product.asset) if remaining else None,
        terms_id=terms.id,
        is_renewable=terms.is_renewable,
        reward_asset=terms.reward_asset or product.asset,
        rates=rates_of(visit, product),
        daily_rates=daily_rates_of(visit, product),
        calculator=_calculator(visit, product, sent),
    )


def _calculator(visit: Visit, product: earn.ProductView, sent: QueryDict) -> Calculator:
    most = earn.days_most(product)
    shown = Calculator(
        amount=sent.get("amount", "")[:40],
        days=sent.get("days", str(min(most, product.terms.duration_days or _DAYS_FIRST)))[:40],
        days_most=most,
    )
    if "amount" not in sent and "days" not in sent:
        return shown
    decimals = visit.assets[product.asset].ledger_decimals
    amount_problem = days_problem = ""
    amount, days = None, 0
    try:
        amount = read_amount(sent, asset=product.asset, decimals_max=decimals).amount
    except Refusal as refusal:
        amount_problem = refusals.sentence(refusal)
    try:
        days = read_days(shown.days, most=most)
    except Refusal as refusal:
        days_problem = refusals.sentence(refusal)
    if amount is None or days_problem:
        return replace(shown, amount_problem=amount_problem, days_problem=days_problem)
    return _reckoned(visit, product, shown, amount, days)


def _reckoned(
    visit: Visit, product: earn.ProductView, shown: Calculator, amount: Amount, days: int
) -> Calculator:
    try:
        found = earn.estimate_earning(product, amount=amount, days=days, at=visit.at)
    except earn.EstimateDaysOutOfRange as refusal:
        return replace(shown, days_problem=refusals.sentence(refusal))
    except Refusal as refusal:
        return replace(shown, amount_problem=refusals.sentence(refusal))
    return replace(
        shown,
        estimate=found,
        value=visit.value_of(found.rewards),
        ways=tuple(
            WayRow(name=_name_of(one), way=one, value=visit.value_of(one.in_all))
            for one in found.ways
        ),
    )


def _name_of(way: earn.WayOut) -> str:
    return {
        "EARLY": _("Leave early, after these days"),
        "END": _("Stay to the end"),
        "FAST": _("Leave the fast way"),
        "STANDARD": _("Leave the standard way"),
        "UNSTAKE": _("Give the token back"),
    }[way.way]


def _tiers(visit: Visit, product: earn.ProductView) -> tuple[TierRow, ...]:
    if product.kind != "FLEXIBLE":
        return ()
    rates = visit.daily_rates.get(product.id)
    if rates is None:
        return ()
    today = visit.at.astimezone(UTC).date()
    sets = (
        (product.asset, rates.bonus_on(today)),
        (rates.extra_asset or "", rates.extra_on(today)),
    )
    return tuple(
        TierRow(
            above=Amount(tier.above, product.asset),
            up_to=None if tier.up_to is None else Amount(tier.up_to, product.asset),
            rate=tier.rate,
            asset=asset,
        )
        for asset, tiers in sets
        for tier in tiers
        if tier.rate
    )


def _countries(codes: Sequence[str]) -> tuple[str, ...]:
    names = dict(country_names()) if codes else {}
    return tuple(sorted(names.get(code, code) for code in codes))
