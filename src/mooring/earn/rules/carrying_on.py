"""
What becomes of a locked position's principal at its end, if not a wallet (domain rules §2.1).

Until its rewards end the customer chooses; at delivery the product has to take it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mooring.earn import errors
from mooring.earn.facts import ProductView, RedeemTo, TermsView, WindowView
from mooring.earn.rules.redemption import Holding
from mooring.earn.rules.subscription import check_subscription
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """
    What a product looks like to who would enter it; as `check_subscription` explains it.

    Args:
        product: None where there is none.
    """

    product: ProductView | None
    held: Decimal
    held_total: Decimal
    country: str
    windows: Iterable[WindowView]


def check_choice(
    holding: Holding,
    *,
    auto_renew: bool,
    redeem_to: RedeemTo,
    has_flexible: bool,
    at: datetime,
) -> None:
    """
    Refuse a choice that cannot be made any more, or that nothing could come of.

    Args:
        has_flexible: a flexible product of the asset exists.

    Raises:
        PositionHasNoEnd, MaturityChoiceTooLate, NotRenewable, NoFlexibleProduct.
    """
    if holding.kind != "LOCKED" or holding.rewards_end is None:
        raise errors.PositionHasNoEnd
    if holding.status != "HOLDING" or at >= holding.rewards_end:
        raise errors.MaturityChoiceTooLate(until=holding.rewards_end)
    _check_ending(
        holding.terms, holding.product_code, holding.asset, auto_renew, redeem_to, has_flexible
    )


def check_ending(
    product: ProductView, *, auto_renew: bool, redeem_to: RedeemTo, has_flexible: bool
) -> None:
    """
    Refuse a choice for the end that is made with the subscription and cannot be kept.

    Raises:
        PositionHasNoEnd: the product is flexible. NotRenewable, NoFlexibleProduct.
    """
    if product.kind != "LOCKED":
        if auto_renew or redeem_to != "SPOT":
            raise errors.PositionHasNoEnd
        return
    _check_ending(product.terms, product.code, product.asset, auto_renew, redeem_to, has_flexible)


def _check_ending(
    terms: TermsView,
    product_code: str,
    asset: str,
    auto_renew: bool,  # noqa: FBT001 - passed on as it came
    redeem_to: RedeemTo,
    has_flexible: bool,  # noqa: FBT001 - passed on as it came
) -> None:
    if auto_renew and not terms.is_renewable:
        raise errors.NotRenewable(product_code=product_code)
    if redeem_to == "FLEXIBLE" and not has_flexible:
        raise errors.NoFlexibleProduct(asset=asset)


def refusal_to_renew(
    holding: Holding, entrance: Entrance, *, amount: Decimal, at: datetime
) -> Refusal | None:
    """
    Return why the principal cannot go into a new position of its product; None if it can.

    Args:
        at: when it is delivered.
    """
    product = entrance.product
    if product is None or not product.terms.is_renewable:
        return errors.NotRenewable(product_code=holding.product_code)
    return _refusal_to_enter(entrance, Amount(amount, holding.asset), at=at)


def refusal_to_join(
    holding: Holding, entrance: Entrance, *, amount: Decimal, at: datetime
) -> Refusal | None:
    """Return why the principal cannot go into the flexible product; None if it can."""
    if entrance.product is None:
        return errors.NoFlexibleProduct(asset=holding.asset)
    return _refusal_to_enter(entrance, Amount(amount, holding.asset), at=at)


def _refusal_to_enter(entrance: Entrance, amount: Amount, *, at: datetime) -> Refusal | None:
    product = entrance.product
    if product is None:
        return None
    if product.retires_at is not None and product.retires_at <= at:
        return errors.ProductNotOpen(product_code=product.code)
    try:
        check_subscription(
            product,
            amount=amount,
            held=entrance.held,
            held_total=entrance.held_total,
            country=entrance.country,
            windows=entrance.windows,
        )
    except Refusal as refusal:
        return refusal
    return None
