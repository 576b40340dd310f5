"""Carry out what a proposal says, with the functions that publish without one."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from mooring.assets import api as assets
from mooring.earn import errors
from mooring.earn.actions.end_product import end_product_within
from mooring.earn.actions.publish import Offer, publish_within, set_rate_within
from mooring.earn.actions.publish_liquid import (
    publish_liquid_within,
    publish_ratio_within,
    publish_unbonding_within,
)
from mooring.earn.actions.set_daily_rates import set_daily_rates_within
from mooring.earn.models import Product, Terms
from mooring.earn.rules.dates import start_of_day
from mooring.earn.rules.proposals import FIELDS, ProposalMalformed, read_payload
from mooring.kernel import db

_SUBJECT: Final = re.compile(r"[A-Za-z0-9*_.-]{1,32}")


@db.transaction_required
def carry_out_within(
    kind: str,
    subject: str,
    payload: Mapping[str, str],
    *,
    effective_from: datetime,
    at: datetime,
) -> None:
    """
    Carry a proposal out.

    Raises:
        ProposalMalformed: the payload is not what it may be.
        ProductNotFound, and what the publishing functions refuse.
    """
    if kind not in FIELDS:
        kinds = ", ".join(sorted(FIELDS))
        raise ProposalMalformed(field="kind", allowed="one of %(kinds)s", kinds=kinds)
    if not _SUBJECT.fullmatch(subject):
        raise ProposalMalformed(field="subject", allowed="a code of 1 to 32 plain characters")
    found = read_payload(kind, payload)
    if kind == "TERMS":
        _publish(subject, found, effective_from=effective_from)
    elif kind == "RATE":
        _check_exists(subject, kind="FLEXIBLE")
        set_rate_within(
            product_code=subject, apr=found["apr"], effective_from=effective_from, at=at
        )
    elif kind == "DAILY_RATE":
        _check_midnight(effective_from)
        set_daily_rates_within(
            product_code=subject,
            asset=found["asset"],
            tiers=found["tiers"],
            from_day=effective_from.date(),
            at=at,
        )
    elif kind == "RATIO":
        publish_ratio_within(
            product_code=subject, ratio=found["ratio"], effective_from=effective_from, at=at
        )
    elif kind == "UNBONDING":
        _check_asset(subject, field="subject")
        publish_unbonding_within(asset=subject, effective_from=effective_from, at=at, **found)
    else:
        end_product_within(product_code=subject, ends_at=effective_from, at=at)


def _publish(code: str, found: dict[str, Any], *, effective_from: datetime) -> None:
    kind, asset, token = found.pop("kind"), found.pop("asset"), found.pop("token", None)
    family = found.pop("family", None)
    _check_asset(asset, field="asset")
    if "reward_asset" in found:
        _check_asset(found["reward_asset"], field="reward_asset")
    if token is not None:
        _check_asset(token, field="token")
    # Who publishes the same again changes nothing: of two for one time, the second must see the
    # first, or it would be approved and not carried out. A new product has no row to lock.
    db.rows("SELECT pg_advisory_xact_lock(hashtext('earn_terms'), hashtext(%s))", [code])
    product = Product.objects.filter(code=code).first()
    if product is not None and (product.kind, product.asset_id) != (kind, asset):
        raise ProposalMalformed(
            field="kind" if product.kind != kind else "asset",
            allowed="%(kind)s in %(asset)s, as %(code)s is",
            kind=product.kind,
            asset=product.asset_id,
            code=code,
        )
    if product is not None and family not in {None, product.family}:
        allowed = "%(family)s, as %(code)s is"
        raise ProposalMalformed(field="family", allowed=allowed, family=product.family, code=code)
    if token is not None:
        _check_token(token, code=code, product=product)
    if Terms.objects.filter(product__code=code, effective_from=effective_from).exists():
        raise ProposalMalformed(field="effective_from", allowed="a time without terms of its own")
    try:
        # A savepoint: what a table refuses must not end the transaction around it.
        with transaction.atomic():
            offered: dict[str, Any] = {
                "code": code,
                "asset": asset,
                "offer": Offer(**found),
                "effective_from": effective_from,
            }
            if token is None:
                publish_within(kind=kind, family=family or "SIMPLE", **offered)
            else:
                publish_liquid_within(token=token, **offered)
    except IntegrityError as error:
        allowed = "terms that do not contradict each other"
        raise ProposalMalformed(field="terms", allowed=allowed) from error


def _check_token(token: str, *, code: str, product: Product | None) -> None:
    """Refuse a token that is another product's; a product keeps the one that people hold."""
    if product is not None and product.token_id != token:
        raise ProposalMalformed(
            field="token", allowed="%(token)s, as %(code)s gives", token=product.token_id, code=code
        )
    if Product.objects.filter(token_id=token).exclude(code=code).exists():
        raise ProposalMalformed(field="token", allowed="a token that no other product gives")


def _check_exists(code: str, *, kind: str) -> None:
    if not Product.objects.filter(code=code, kind=kind).exists():
        raise errors.ProductNotFound(product_code=code)


def _check_midnight(effective_from: datetime) -> None:
    """Refuse a time within a day: what is paid by the day would hold from before it."""
    if effective_from != start_of_day(effective_from):
        raise ProposalMalformed(field="effective_from", allowed="a UTC midnight: days are whole")


def _check_asset(code: str, *, field: str) -> None:
    if code not in {asset.code for asset in assets.list_assets()}:
        raise ProposalMalformed(field=field, allowed="the code of an asset that we hold")
