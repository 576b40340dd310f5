"""How much more may come into products: for one customer, and for all together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mooring.earn.facts import ProductView
from mooring.earn.queries.holdings import principals_held, totals_held
from mooring.earn.queries.liquid import ratios_at
from mooring.earn.rules.liquid import worth_of
from mooring.kernel.money import Amount

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaLeft:
    """
    What is left of a product's quotas; None where there is no such quota.

    Args:
        personal: for the customer who asks.
        total: for all customers together.
    """

    personal: Amount | None
    total: Amount | None

    @property
    def is_full(self) -> bool:
        """Whether nothing more can come in from who asks."""
        return any(left is not None and left.is_zero for left in (self.personal, self.total))


def in_assets(
    products: Iterable[ProductView], held: Mapping[int, Decimal], *, at: datetime
) -> dict[int, Decimal]:
    """
    Return what is held in products in their assets, in which quotas and minimums are said.

    Args:
        held: by product, in what positions hold: of liquid staking, tokens.
    """
    liquid = {one.id for one in products if one.kind == "LIQUID"} & held.keys()
    # Before the first ratio nobody can say what a token is worth, and nobody can stake.
    ratios = ratios_at(liquid, at=at) if liquid else {}
    return {
        id_: worth_of(number, ratio=ratios.get(id_, _NOTHING)) if id_ in liquid else number
        for id_, number in held.items()
    }


def totals_in_assets(products: Iterable[ProductView], *, at: datetime) -> dict[int, Decimal]:
    """Return what all customers together have in products, in their assets."""
    asked = list(products)
    return in_assets(asked, totals_held(product.id for product in asked), at=at)


def quotas_left(
    products: Iterable[ProductView], *, account_id: int | None, at: datetime
) -> dict[int, QuotaLeft]:
    """
    Return what is left of quotas, by product; one without any is missing.

    Args:
        account_id: who asks. None: nobody in particular, to whom the quotas themselves are told:
            what all customers hold is a sum of every position, which strangers cannot ask for.
    """
    bounded = [
        product
        for product in products
        if product.terms.quota_per_person is not None or product.terms.quota_total is not None
    ]
    held = in_assets(bounded, _held(bounded, account_id), at=at)
    with_total = [product for product in bounded if product.terms.quota_total is not None]
    totals = totals_in_assets(with_total, at=at) if with_total and account_id is not None else {}
    return {
        product.id: QuotaLeft(
            personal=_left(product, product.terms.quota_per_person, held.get(product.id)),
            total=_left(product, product.terms.quota_total, totals.get(product.id)),
        )
        for product in bounded
    }


def _held(bounded: Iterable[ProductView], account_id: int | None) -> dict[int, Decimal]:
    personal = [item.id for item in bounded if item.terms.quota_per_person is not None]
    if account_id is None or not personal:
        return {}
    found = principals_held((account_id, product_id) for product_id in personal)
    return {product_id: amount for (_, product_id), amount in found.items()}


def _left(product: ProductView, quota: Decimal | None, used: Decimal | None) -> Amount | None:
    if quota is None:
        return None
    return Amount(max(_NOTHING, quota - (used or _NOTHING)), product.asset)
