"""Switch on and off that free spot of an asset goes into a flexible product once a day."""

from datetime import datetime

from mooring.accounts import api as accounts
from mooring.earn import errors
from mooring.earn.models import AutoSubscription
from mooring.earn.queries.products import get_product
from mooring.earn.rules.subscription import check_country
from mooring.kernel import db


@db.transaction
def set_auto_subscription(
    *, account_id: int, product_code: str, is_on: bool, at: datetime, consent_version: str = ""
) -> None:
    """
    Remember a customer's wish; the same again changes nothing.

    Args:
        consent_version: of the terms' text that was agreed to when it is switched on.

    Raises:
        AccountNotOpen, ProductNotFound.
        AutoSubscriptionNotPossible: the product is not flexible.
        CountryNotKnown, NotOfferedInCountry: when it is switched on.
    """
    if account_id not in accounts.lock_open([account_id]):
        raise accounts.AccountNotOpen(account_id=account_id)
    product = get_product(code=product_code, at=at)
    if product.kind != "FLEXIBLE":
        raise errors.AutoSubscriptionNotPossible(product_code=product_code)
    wish = AutoSubscription.objects.filter(account_id=account_id, product_id=product.id).first()
    if is_on == (wish is not None and wish.is_on):
        return
    if is_on:
        country = accounts.find_countries([account_id]).get(account_id, "")
        check_country(product, country=country)
    wish = wish or AutoSubscription(account_id=account_id, product_id=product.id)
    wish.is_on, wish.changed_at = is_on, at
    if is_on:
        wish.consent_version = consent_version
    wish.save()
