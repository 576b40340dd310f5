"""A product as an operator sees it: what held, holds and comes, and who decided it (EARN-12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.web.forms.proposal import texts_of_terms
from mooring.web.pages import windows
from mooring.web.pages.staff_earn import (
    Difference,
    ProposalRow,
    Scope,
    amount_or_none,
    differences,
    proposal_row,
    tiers_text,
)
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsRow:
    """A version of the terms, and in what it differs from the one before."""

    effective_from: datetime
    state: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """A rate or a ratio from a time on."""

    effective_from: datetime
    state: str
    number: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TiersRow:
    """What is paid by the day from a day on; `tiers` as a proposal writes them."""

    effective_from: datetime
    state: str
    asset: str
    tiers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRow:
    """How long the chain takes from a time on, in hours, and what customers read of it."""

    effective_from: datetime
    state: str
    hours_min: int
    hours_max: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffProductPage:
    """
    A product.

    Args:
        begins: None for one that is there already.
        left: of the quota of all together.
        per_person: what one person may hold; per_day: have back at once in a UTC day.
    """

    product: earn.ProductView
    begins: datetime | None
    held: Amount
    quota: Amount | None
    left: Amount | None
    per_person: Amount | None
    per_day: Amount | None
    per_day_total: Amount | None
    terms: tuple[TermsRow, ...]
    rates: tuple[NumberRow, ...]
    ratios: tuple[NumberRow, ...]
    tiers: tuple[TiersRow, ...]
    chain: tuple[ChainRow, ...]
    windows: tuple[windows.WindowRow, ...]
    waiting: tuple[ProposalRow, ...]
    decided: tuple[ProposalRow, ...]
    scopes: tuple[Scope, ...]


def staff_product_page(visit: Visit, code: str) -> StaffProductPage:
    """
    Return the page of a product that is there or announced.

    Raises:
        ProductNotFound: nobody has decided on one of this code.
    """
    product = earn.announced_product(code=code, at=visit.at)
    is_there = any(one.id == product.id for one in visit.products)
    terms, asset = product.terms, product.asset
    versions = earn.list_terms(product_id=product.id)
    held = earn.totals_in_assets([product], at=visit.at).get(product.id, Decimal(0))
    proposals = _proposals(product)
    return StaffProductPage(
        product=product,
        begins=None if is_there else versions[-1][0],
        held=Amount(held, asset),
        quota=amount_or_none(terms.quota_total, asset),
        left=None
        if terms.quota_total is None
        else Amount(max(Decimal(0), terms.quota_total - held), asset),
        per_person=amount_or_none(terms.quota_per_person, asset),
        per_day=amount_or_none(terms.daily_limit_per_person, asset),
        per_day_total=amount_or_none(terms.daily_limit_total, asset),
        terms=_terms_rows(visit, versions),
        rates=_number_rows(visit, earn.list_rates(product_id=product.id)),
        ratios=_number_rows(visit, earn.list_ratios(product_id=product.id)),
        tiers=_tiers_rows(visit, product),
        chain=_chain_rows(visit, product),
        windows=windows.rows_of_product(visit, code),
        waiting=tuple(proposal_row(visit, one) for one in proposals if one.status == "PENDING"),
        decided=tuple(proposal_row(visit, one) for one in proposals if one.status != "PENDING"),
        scopes=(Scope(value=f"product:{code}", name=code),),
    )


def _proposals(product: earn.ProductView) -> tuple[earn.ProposalView, ...]:
    """Return what was proposed for a product, and for its chain if it is on one; newest first."""
    found = earn.list_proposals(subject=product.code)
    if product.family != "ONCHAIN":
        return found
    chain = earn.list_proposals(subject=product.asset)
    of_chain = [one for one in chain if one.kind == "UNBONDING"]
    return tuple(sorted([*found, *of_chain], key=lambda one: -one.id))


def _states(visit: Visit, times: list[datetime]) -> list[str]:
    """Return of each time, newest first, whether what begins then is coming, holds, or is over."""
    states, holds = [], False
    for since in times:
        if since > visit.at:
            states.append("coming")
        else:
            states.append("over" if holds else "holds")
            holds = True
    return states


def _terms_rows(
    visit: Visit, versions: tuple[tuple[datetime, earn.TermsView], ...]
) -> tuple[TermsRow, ...]:
    states = _states(visit, [since for since, _ in versions])
    texts = [texts_of_terms(terms) for _, terms in versions]
    before: list[Mapping[str, str]] = [*texts[1:], {}]
    return tuple(
        TermsRow(
            effective_from=since,
            state=state,
            differences=differences("TERMS", old, new),
        )
        for (since, _), state, new, old in zip(versions, states, texts, before, strict=True)
    )


def _number_rows(
    visit: Visit, found: tuple[tuple[datetime, Decimal], ...]
) -> tuple[NumberRow, ...]:
    states = _states(visit, [since for since, _ in found])
    return tuple(
        NumberRow(effective_from=since, state=state, number=number)
        for (since, number), state in zip(found, states, strict=True)
    )


def _tiers_rows(visit: Visit, product: earn.ProductView) -> tuple[TiersRow, ...]:
    rates = earn.daily_rates([product.id]).get(product.id)
    rows: list[TiersRow] = []
    for asset in sorted({item.asset for item in rates.sets}) if rates else ():
        sets = [item for item in reversed(rates.sets) if item.asset == asset] if rates else []
        times = [datetime.combine(item.from_day, datetime.min.time(), UTC) for item in sets]
        rows.extend(
            TiersRow(effective_from=since, state=state, asset=asset, tiers=tiers_text(item.tiers))
            for item, since, state in zip(sets, times, _states(visit, times), strict=True)
        )
    return tuple(rows)


def _chain_rows(visit: Visit, product: earn.ProductView) -> tuple[ChainRow, ...]:
    if product.family != "ONCHAIN":
        return ()
    found = earn.list_unbonding(asset=product.asset)
    states = _states(visit, [one.effective_from for one in found])
    return tuple(
        ChainRow(
            effective_from=one.effective_from,
            state=state,
            hours_min=one.hours_min,
            hours_max=one.hours_max,
            note=one.note,
        )
        for one, state in zip(found, states, strict=True)
    )
