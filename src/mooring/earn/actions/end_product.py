"""End a product: from a time on nothing in it earns, and everything comes back."""

from datetime import datetime

from mooring.earn import errors
from mooring.earn.models import Kind, Product
from mooring.earn.rules.dates import minute_of
from mooring.kernel import db
from mooring.kernel.errors import Refusal


class EndNotPossible(Refusal):
    """A product cannot end then, or has no end that we decide."""

    code = "earn_end_not_possible"

    def __init__(self, *, product_code: str, because: str) -> None:
        super().__init__(f"{product_code} cannot end then: {because}.")
        self.product_code = product_code
        self.because = because


@db.transaction
def end_product(*, product_code: str, ends_at: datetime, at: datetime) -> None:
    """
    Let a product end; the same again changes nothing.

    Args:
        ends_at: a UTC midnight to come, so that the days before it are whole.
        at: when this is decided.

    Raises:
        ProductNotFound: no such product.
        EndNotPossible: a time that is no midnight or not to come, another than was decided
            before, or a product of liquid staking, whose token goes on without us.
    """
    end_product_within(product_code=product_code, ends_at=ends_at, at=at)


@db.transaction_required
def end_product_within(*, product_code: str, ends_at: datetime, at: datetime) -> None:
    """Do what `end_product` does inside the transaction of another action of Earn."""
    product = Product.objects.select_for_update().filter(code=product_code).first()
    if product is None:
        raise errors.ProductNotFound(product_code=product_code)
    if product.retires_at == ends_at:
        return
    because = _stands_in_the_way(product, ends_at, at=at)
    if because:
        raise EndNotPossible(product_code=product_code, because=because)
    product.retires_at = ends_at
    product.save(update_fields=["retires_at"])
    if product.kind == Kind.FLEXIBLE:
        # What is pledged stays longer: no rate that was announced for then may let it earn.
        db.rows(
            "SELECT 1 FROM earn_take_back_rates_v1(%s, %s, %s)",
            [product.pk, minute_of(ends_at), at],
        )


def _stands_in_the_way(product: Product, ends_at: datetime, *, at: datetime) -> str:
    if product.kind == Kind.LIQUID:
        return "its token belongs to its holders and goes on"
    if product.retires_at is not None:
        return f"it was decided that it ends at {product.retires_at:%Y-%m-%d %H:%M} UTC"
    if ends_at <= at:
        return f"the time must lie after {at:%Y-%m-%d %H:%M} UTC"
    if (ends_at.hour, ends_at.minute, ends_at.second, ends_at.microsecond) != (0, 0, 0, 0):
        return "the time must be a UTC midnight"
    return ""
