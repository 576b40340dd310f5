"""What the operator's page of Earn shows. Source: requirement EARN-17, domain rules §9.1."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.web.forms.proposal import (
    KINDS,
    LABELS,
    in_words,
    values_in_force,
    values_proposed,
)
from mooring.web.pages import windows
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A product with what is in it."""

    product: earn.ProductView
    held: Amount
    quota: Amount | None
    per_person: Amount | None
    per_day: Amount | None
    coming: str
    coming_at: datetime | None
    is_paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a pause may concern: everything, an asset, a product."""

    value: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field of a proposal: what holds now and what is to hold."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """A proposal with what it changes."""

    id: int
    what: str
    subject: str
    differences: tuple[Difference, ...]
    effective_from: datetime
    proposed_by: str
    proposed_at: datetime
    is_mine: bool
    is_too_late: bool
    status: str
    decided_by: str
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """Everything: waiting proposals first, because they are what somebody came for."""

    waiting: tuple[ProposalRow, ...]
    decided: tuple[ProposalRow, ...]
    products: tuple[ProductRow, ...]
    liquidity: tuple[earn.Liquidity, ...]
    windows: tuple[windows.WindowRow, ...]
    scopes: tuple[Scope, ...]


def author_of(user_id: int) -> str:
    """Return the name under which a person proposes and decides: a number nobody can change."""
    return f"staff {user_id}"


def desk_page(visit: Visit) -> DeskPage:
    """Return the desk as who is here sees it."""
    return DeskPage(
        waiting=tuple(proposal_row(visit, one) for one in earn.list_proposals(is_pending=True)),
        decided=tuple(
            proposal_row(visit, one) for one in earn.list_proposals(is_pending=False, limit=10)
        ),
        products=_product_rows(visit),
        liquidity=earn.list_liquidity(at=visit.at),
        windows=windows.rows(visit),
        scopes=_scopes(visit),
    )


def _product_rows(visit: Visit) -> tuple[ProductRow, ...]:
    totals = earn.totals_in_assets(visit.products, at=visit.at)
    changes = earn.next_changes(at=visit.at)
    rows = []
    for product in visit.products:
        terms, change = product.terms, changes.get(product.id)
        rows.append(
            ProductRow(
                product=product,
                held=Amount(totals.get(product.id, Decimal(0)), product.asset),
                quota=amount_or_none(terms.quota_total, product.asset),
                per_person=amount_or_none(terms.quota_per_person, product.asset),
                per_day=amount_or_none(terms.daily_limit_per_person, product.asset),
                coming="" if change is None else str(KINDS[change.kind]),
                coming_at=None if change is None else change.effective_from,
                is_paused=bool(visit.windows.get(product.id)),
            )
        )
    return tuple(rows)


def amount_or_none(number: Decimal | None, asset: str) -> Amount | None:
    """Return an amount where there is a number."""
    return None if number is None else Amount(number, asset)


def _scopes(visit: Visit) -> tuple[Scope, ...]:
    assets = sorted({product.asset for product in visit.products})
    return (
        Scope(value="", name=_("Everything in Earn")),
        *(
            Scope(
                value=f"asset:{asset}",
                name=_("All products in %(asset)s") % {"asset": visit.name_of(asset)},
            )
            for asset in assets
        ),
        *(Scope(value=f"product:{one.code}", name=one.code) for one in visit.products),
    )


def proposal_row(visit: Visit, proposal: earn.ProposalView) -> ProposalRow:
    """Return a proposal with what it changes, as who is here sees it."""
    asset = proposal.payload.get("asset", "")
    before = (
        values_at(proposal.kind, proposal.subject, asset=asset, at=proposal.effective_from)
        if proposal.status == "PENDING"
        else {}
    )
    return ProposalRow(
        id=proposal.id,
        what=str(KINDS[proposal.kind]),
        subject=proposal.subject,
        differences=differences(
            proposal.kind,
            before,
            values_proposed(proposal.kind, proposal.payload),
        ),
        effective_from=proposal.effective_from,
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
        is_mine=proposal.proposed_by == author_of(visit.user_id),
        is_too_late=proposal.effective_from <= visit.at,
        status=proposal.status,
        decided_by=proposal.decided_by,
        decided_at=proposal.decided_at,
        reason=proposal.reason,
    )


def values_at(kind: str, subject: str, *, asset: str = "", at: datetime) -> dict[str, str]:
    """
    Return what holds at a time of what a change would change, as a form has it.

    Args:
        subject: a product's code; of UNBONDING an asset's.
        asset: of DAILY_RATE: what is paid in; the product's own where nothing is said.
        at: with what is announced for before it; without the change itself.
    """
    if kind == "UNBONDING":
        chain = earn.unbonding_at([subject], at=at).get(subject)
        if chain is None:
            return {}
        return {"hours_min": str(chain.hours_min), "hours_max": str(chain.hours_max)}
    product = next(iter(earn.list_products(at=at, codes=[subject])), None)
    if product is None:
        return {}
    values = dict(values_in_force(kind, product))
    if kind == "RATIO":
        ratio = earn.ratios_at([product.id], at=at).get(product.id)
        values["ratio"] = "" if ratio is None else plain(ratio)
    if kind == "DAILY_RATE":
        rates = earn.daily_rates([product.id]).get(product.id)
        values["tiers"] = _tiers_on(rates, asset or product.asset, at=at)
        values["asset"] = asset or product.asset
    return values


def _tiers_on(rates: earn.DailyRates | None, asset: str, *, at: datetime) -> str:
    if rates is None:
        return ""
    day = at.astimezone(UTC).date()
    return tiers_text(rates.bonus_on(day) if asset == rates.asset else rates.extra_on(day))


def tiers_text(tiers: Iterable[earn.Tier]) -> str:
    """Return tiers as a proposal writes them."""
    return " ".join(
        f"{plain(tier.above)}-{'' if tier.up_to is None else plain(tier.up_to)}:{plain(tier.rate)}"
        for tier in tiers
    )


def plain(number: Decimal) -> str:
    """Return a number without zeros behind it."""
    return f"{number.normalize():f}"


def differences(
    kind: str, old: Mapping[str, str], new: Mapping[str, str]
) -> tuple[Difference, ...]:
    """Return the fields that become others, in words where a value has some."""
    return tuple(
        Difference(
            label=str(LABELS[name]),
            old=in_words(name, old.get(name, "")),
            new=in_words(name, new.get(name, "")),
        )
        for name in earn.PROPOSAL_FIELDS[kind]
        if new.get(name, "") != old.get(name, "")
    )
