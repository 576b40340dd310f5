"""Publish what liquid staking promises: ratios that only rise, and how long chains take."""

from datetime import datetime
from decimal import Decimal

from mooring.earn import errors, liquid_errors
from mooring.earn.actions.publish import Offer, publish_within
from mooring.earn.models import Product, Ratio, Unbonding
from mooring.kernel import db


@db.transaction
def publish_liquid(
    *, code: str, asset: str, token: str, offer: Offer, effective_from: datetime
) -> None:
    """
    Offer a liquid staking product, or new terms of one that exists.

    Args:
        token: what a customer holds instead of the asset; one product's only.
        offer: `daily_limit_per_person` bounds what a person gives back in a UTC day, in the asset.
    """
    publish_liquid_within(
        code=code, asset=asset, token=token, offer=offer, effective_from=effective_from
    )


@db.transaction_required
def publish_liquid_within(
    *, code: str, asset: str, token: str, offer: Offer, effective_from: datetime
) -> None:
    """Do what `publish_liquid` does inside the transaction of another action of Earn."""
    Product.objects.get_or_create(
        code=code,
        defaults={
            "kind": "LIQUID",
            "family": "ONCHAIN",
            "asset_id": asset,
            "token_id": token,
        },
    )
    publish_within(
        code=code, kind="LIQUID", asset=asset, offer=offer, effective_from=effective_from
    )


@db.transaction
def publish_ratio(
    *, product_code: str, ratio: Decimal, effective_from: datetime, at: datetime
) -> None:
    """
    Let a token be worth `ratio` of its asset from a time on; the same again changes nothing.

    The first ratio of a product may begin in the past: nothing was promised before it.

    Raises:
        ProductNotFound: no such product, or none of liquid staking.
        RatioFalls: the ratio published last is higher.
        PublishedInThePast: it would begin before now, or not after the one published last.
    """
    publish_ratio_within(
        product_code=product_code, ratio=ratio, effective_from=effective_from, at=at
    )


@db.transaction_required
def publish_ratio_within(
    *, product_code: str, ratio: Decimal, effective_from: datetime, at: datetime
) -> None:
    """Do what `publish_ratio` does inside the transaction of another action of Earn."""
    # The lock lets one ratio at a time be compared with the last.
    product = (
        Product.objects.select_for_update(no_key=True)
        .filter(code=product_code, kind="LIQUID")
        .first()
    )
    if product is None:
        raise errors.ProductNotFound(product_code=product_code)
    last = Ratio.objects.filter(product=product).order_by("-effective_from").first()
    if last is not None:
        if (last.effective_from, last.ratio) == (effective_from, ratio):
            return
        if effective_from < at or effective_from <= last.effective_from:
            raise liquid_errors.PublishedInThePast(earliest=max(at, last.effective_from))
        if ratio < last.ratio:
            raise liquid_errors.RatioFalls(last=last.ratio)
    Ratio.objects.create(product=product, effective_from=effective_from, ratio=ratio)


@db.transaction
def publish_unbonding(
    *,
    asset: str,
    hours_min: int,
    hours_max: int,
    effective_from: datetime,
    at: datetime,
    note: str = "",
) -> None:
    """
    Say how long an asset's chain takes to give back, from a time on.

    What was asked for before keeps the window it was promised.

    Args:
        note: customers read it.

    Raises:
        PublishedInThePast: it would begin before now, or not after the one published last.
    """
    publish_unbonding_within(
        asset=asset,
        hours_min=hours_min,
        hours_max=hours_max,
        effective_from=effective_from,
        at=at,
        note=note,
    )


@db.transaction_required
def publish_unbonding_within(
    *,
    asset: str,
    hours_min: int,
    hours_max: int,
    effective_from: datetime,
    at: datetime,
    note: str,
) -> None:
    """Do what `publish_unbonding` does inside the transaction of another action of Earn."""
    db.rows("SELECT pg_advisory_xact_lock(hashtext('earn_unbonding'), hashtext(%s))", [asset])
    last = Unbonding.objects.filter(asset_id=asset).order_by("-effective_from").first()
    if last is not None:
        same = (last.effective_from, last.hours_min, last.hours_max, last.note)
        if same == (effective_from, hours_min, hours_max, note):
            return
        if effective_from < at or effective_from <= last.effective_from:
            raise liquid_errors.PublishedInThePast(earliest=max(at, last.effective_from))
    Unbonding.objects.create(
        asset_id=asset,
        effective_from=effective_from,
        hours_min=hours_min,
        hours_max=hours_max,
        note=note,
    )
