"""May money come in (domain rules §1.1, §2.1; jurisdictions: §9 no. 32)."""

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
    held_total: Decimal = Decimal(0),
    country: str = "",
    windows: Iterable[WindowView] = (),
) -> None:
    """
    Refuse money that the product does not take.

    Args:
        amount: what is to come in.
        held: what this customer has in the product already.
        held_total: what all customers have; asked for only where the terms bound it.
        country: where the customer lives; empty if that is not known.
        windows: of maintenance, in force for the product.

    Raises:
        ProductNotOpen, SubscriptionsStopped, CountryNotKnown, NotOfferedInCountry, WrongAsset,
        AmountNotPositive, BelowMinimum, AboveMaximum, AboveQuota, AboveTotalQuota.
    """
    if not product.subscriptions_open:
        raise errors.ProductNotOpen(product_code=product.code)
    check_not_stopped(windows)
    check_country(product, country=country)
    if amount.asset != product.asset:
        raise errors.WrongAsset(asset=product.asset)
    if not amount.is_positive:
        raise errors.AmountNotPositive
    minimum = Amount(product.terms.minimum, product.asset)
    if amount < minimum:
        raise errors.BelowMinimum(amount=amount, minimum=minimum)
    _check_room(product, amount, held=held, held_total=held_total)


def check_country(product: ProductView, *, country: str) -> None:
    """
    Refuse who lives where the product is not offered.

    Where a country is excluded, nobody enters of whom we do not know that they do not live there.

    Raises:
        CountryNotKnown, NotOfferedInCountry.
    """
    excluded = product.terms.excluded_countries
    if excluded and not country:
        raise errors.CountryNotKnown(product_code=product.code)
    if country in excluded:
        raise errors.NotOfferedInCountry(product_code=product.code, country=country)


def quota_left(
    product: ProductView, *, held: Decimal, held_total: Decimal = Decimal(0)
) -> Amount | None:
    """Return how much more this customer may put in; None where there is no quota."""
    terms = product.terms
    rooms = [
        max(Decimal(0), quota - used)
        for quota, used in ((terms.quota_per_person, held), (terms.quota_total, held_total))
        if quota is not None
    ]
    return Amount(min(rooms), product.asset) if rooms else None


def most(product: ProductView, *, available: Decimal, left: Amount | None) -> Amount:
    """Return the most that one subscription can be: what there is, within quota and maximum."""
    bounds = [available]
    if left is not None:
        bounds.append(left.number)
    if product.terms.maximum is not None:
        bounds.append(product.terms.maximum)
    return Amount(min(bounds), product.asset)


def _check_room(
    product: ProductView, amount: Amount, *, held: Decimal, held_total: Decimal
) -> None:
    terms, asset = product.terms, product.asset
    if terms.maximum is not None and amount.number > terms.maximum:
        raise errors.AboveMaximum(amount=amount, maximum=Amount(terms.maximum, asset))
    if terms.quota_per_person is not None and amount.number > terms.quota_per_person - held:
        left = max(Decimal(0), terms.quota_per_person - held)
        raise errors.AboveQuota(left=Amount(left, asset))
    if terms.quota_total is not None and amount.number > terms.quota_total - held_total:
        left = max(Decimal(0), terms.quota_total - held_total)
        raise errors.AboveTotalQuota(left=Amount(left, asset))
