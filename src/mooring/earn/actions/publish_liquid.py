"""Publish what liquid staking promises: ratios that only rise, and how long chains take."""

from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

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
        PublishedInThePast: it would begin before now, or be above one that is announced for
            later. One that is announced for the same time is replaced.
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
    ratios = Ratio.objects.filter(product=product)
    there = ratios.filter(effective_from=effective_from).first()
    if there is not None and there.ratio == ratio:
        return
    _check_ratio(ratios, ratio, effective_from=effective_from, at=at)
    if there is not None:
        db.rows(
            "SELECT 1 FROM earn_take_back_ratio_v1(%s, %s, %s)", [product.pk, effective_from, at]
        )
    Ratio.objects.create(product=product, effective_from=effective_from, ratio=ratio)


def _check_ratio(
    ratios: QuerySet[Ratio], ratio: Decimal, *, effective_from: datetime, at: datetime
) -> None:
    """
    Refuse a ratio in the past, below the one before it, or above one that is announced for later.

    One for the same time that is only announced is in nobody's way: it is replaced.
    """
    begun = ratios.filter(effective_from__lte=at).order_by("-effective_from").first()
    others = ratios.exclude(effective_from=effective_from)
    if ratios.exists() and (
        effective_from < at or (begun and begun.effective_from >= effective_from)
    ):
        raise liquid_errors.PublishedInThePast(earliest=at)
    before = others.filter(effective_from__lt=effective_from).order_by("-effective_from").first()
    if before is not None and ratio < before.ratio:
        raise liquid_errors.RatioFalls(last=before.ratio)
    after = others.filter(effective_from__gt=effective_from).order_by("effective_from").first()
    if after is not None and ratio > after.ratio:
        raise liquid_errors.PublishedInThePast(earliest=after.effective_from)


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
    rows = Unbonding.objects.filter(asset_id=asset)
    there = rows.filter(effective_from=effective_from).first()
    if there is not None:
        if (there.hours_min, there.hours_max, there.note) == (hours_min, hours_max, note):
            return
        raise liquid_errors.PublishedInThePast(earliest=max(at, effective_from))
    # One that is announced for later stays: this one holds until then.
    if effective_from < at and rows.exists():
        raise liquid_errors.PublishedInThePast(earliest=at)
    Unbonding.objects.create(
        asset_id=asset,
        effective_from=effective_from,
        hours_min=hours_min,
        hours_max=hours_max,
        note=note,
    )
