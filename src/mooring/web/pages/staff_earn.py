"""What the operator's page of Earn shows. Source: requirement EARN-17, domain rules §9.1."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.web.forms.proposal import KINDS, LABELS, values_in_force
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A product with what is in it."""

    product: earn.ProductView
    held: Amount
    quota: Amount | None
    is_paused: bool


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
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """Everything: waiting proposals first, because they are what somebody came for."""

    waiting: tuple[ProposalRow, ...]
    decided: tuple[ProposalRow, ...]
    products: tuple[ProductRow, ...]
    liquidity: tuple[earn.Liquidity, ...]
    kinds: tuple[tuple[str, str], ...]


def author_of(user_id: int) -> str:
    """Return the name under which a person proposes and decides: a number nobody can change."""
    return f"staff {user_id}"


def desk_page(visit: Visit) -> DeskPage:
    """Return the desk as who is here sees it."""
    products = {product.code: product for product in visit.products}
    me = author_of(visit.user_id)
    waiting = earn.list_proposals(is_pending=True)
    decided = earn.list_proposals(is_pending=False, limit=10)
    totals = earn.totals_in_assets(products.values(), at=visit.at)
    return DeskPage(
        waiting=tuple(_row(one, products, me, at=visit.at) for one in waiting),
        decided=tuple(_row(one, products, me, at=visit.at) for one in decided),
        products=tuple(
            ProductRow(
                product=product,
                held=Amount(totals.get(product.id, Decimal(0)), product.asset),
                quota=Amount(product.terms.quota_total, product.asset)
                if product.terms.quota_total is not None
                else None,
                is_paused=bool(visit.windows.get(product.id)),
            )
            for product in products.values()
        ),
        liquidity=earn.list_liquidity(at=visit.at),
        kinds=tuple((kind, str(name)) for kind, name in KINDS.items()),
    )


def _row(
    proposal: earn.ProposalView,
    products: dict[str, earn.ProductView],
    me: str,
    *,
    at: datetime,
) -> ProposalRow:
    product = products.get(proposal.subject)
    now = values_in_force(proposal.kind, product) if product is not None else {}
    fields = earn.PROPOSAL_FIELDS[proposal.kind]
    return ProposalRow(
        id=proposal.id,
        what=str(KINDS[proposal.kind]),
        subject=proposal.subject,
        differences=tuple(
            Difference(label=str(LABELS[name]), old=now.get(name, ""), new=new)
            for name in fields
            if (new := proposal.payload.get(name, "")) != now.get(name, "")
        ),
        effective_from=proposal.effective_from,
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
        is_mine=proposal.proposed_by == me,
        is_too_late=proposal.effective_from <= at,
        status=proposal.status,
        decided_by=proposal.decided_by,
        reason=proposal.reason,
    )
