"""How much more may come into products: for one customer, and for all together."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from mooring.earn.facts import ProductView
from mooring.earn.queries.holdings import principals_held, totals_held
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


def quotas_left(products: Iterable[ProductView], *, account_id: int | None) -> dict[int, QuotaLeft]:
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
    held = _held(bounded, account_id)
    with_total = [product.id for product in bounded if product.terms.quota_total is not None]
    totals = totals_held(with_total) if with_total and account_id is not None else {}
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
