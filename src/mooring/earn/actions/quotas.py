"""What all customers hold in products whose quota is bounded, under a lock that keeps it so."""

from collections.abc import Iterable
from decimal import Decimal

from mooring.earn.facts import ProductView
from mooring.earn.queries.holdings import totals_held
from mooring.kernel import db


@db.transaction_required
def lock_quotas(products: Iterable[ProductView]) -> dict[int, Decimal]:
    """
    Let one batch at a time into each product that has a total quota; return what is in it.

    Call it after accounts and positions were locked. What is read then is read under the lock,
    so that no two batches can fill the same room. Products without such a quota cost nothing
    and are missing in the answer.
    """
    ids = sorted(product.id for product in products if product.terms.quota_total is not None)
    if not ids:
        return {}
    db.rows(
        "SELECT id FROM earn_product WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE",
        [db.array(ids)],
    )
    held = totals_held(ids)
    return {product_id: held.get(product_id, Decimal(0)) for product_id in ids}
