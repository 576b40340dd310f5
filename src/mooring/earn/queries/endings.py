"""Where the principal of locked positions may go at their end."""

from datetime import datetime

from mooring.earn.facts import ProductView
from mooring.earn.queries.products import list_products


def flexible_product_of(asset: str, *, at: datetime) -> ProductView | None:
    """
    Return the flexible product that takes what locked positions of an asset give back.

    Simple Earn only; of several the oldest, and one that takes money before one that does not.
    """
    found = [
        product
        for product in list_products(at=at, asset=asset)
        if product.kind == "FLEXIBLE" and product.family == "SIMPLE"
    ]
    return min(
        found, key=lambda product: (not product.subscriptions_open, product.id), default=None
    )
