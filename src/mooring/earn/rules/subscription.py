"""May money come in (domain rules §1.1, §2.1)."""

from collections.abc import Iterable
from decimal import Decimal

from mooring.earn import errors
from mooring.earn.facts import ProductView, WindowView
from mooring.earn.rules.windows import check_not_stopped
from mooring.kernel.money import Amount


def check_subscription(
    product: ProductView,
    *,
    amount: Amount,
    held: Decimal,
    windows: Iterable[WindowView] = (),
) -> None:
    """
    Refuse money that the product does not take.

    Args:
        amount: what is to come in.
        held: what this customer has in the product already.
        windows: of maintenance, in force for the product.

    Raises:
        ProductNotOpen, SubscriptionsStopped, WrongAsset, AmountNotPositive, BelowMinimum,
        AboveQuota.
    """
    if not product.subscriptions_open:
        raise errors.ProductNotOpen(product_code=product.code)
    check_not_stopped(windows)
    if amount.asset != product.asset:
        raise errors.WrongAsset(asset=product.asset)
    if not amount.is_positive:
        raise errors.AmountNotPositive
    minimum = Amount(product.terms.minimum, product.asset)
    if amount < minimum:
        raise errors.BelowMinimum(amount=amount, minimum=minimum)
    left = quota_left(product, held=held)
    if left is not None and amount > left:
        raise errors.AboveQuota(left=left)


def quota_left(product: ProductView, *, held: Decimal) -> Amount | None:
    """Return how much more this customer may put in; None where there is no quota."""
    quota = product.terms.quota_per_person
    return None if quota is None else Amount(max(Decimal(0), quota - held), product.asset)
