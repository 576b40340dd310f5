"""Products with the terms and the rate that are in force."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from mooring.earn import errors
from mooring.earn.facts import ProductView, TermsView
from mooring.earn.rules.dates import minute_of
from mooring.kernel import db

TERMS_COLUMNS = (
    "terms.id, terms.minimum, terms.minimum_remaining, terms.quota_per_person, terms.fee_rate,"
    " terms.apr, terms.duration_days, terms.redeem_period_days, terms.early_redemption,"
    " terms.claw_back, terms.delivery_hours_min, terms.delivery_hours_max, terms.grace_seconds,"
    " terms.maximum, terms.quota_total, terms.excluded_countries, terms.redeem_minimum,"
    " terms.is_instant, terms.daily_limit_per_person, terms.daily_limit_total,"
    " terms.standard_days, terms.standard_fee_rate, terms.is_renewable, terms.reward_asset"
)
_TERMS_FIELDS = tuple(name.strip().removeprefix("terms.") for name in TERMS_COLUMNS.split(","))
#: How many columns `TERMS_COLUMNS` has.
TERMS_WIDTH = len(_TERMS_FIELDS)


def list_products(
    *, at: datetime, asset: str | None = None, codes: Sequence[str] | None = None
) -> tuple[ProductView, ...]:
    """
    Return the products that exist at `at`, flexible first, then by asset and term.

    A product exists from its first terms on.
    """
    found = db.rows(
        f"SELECT product.id, product.code, product.kind, product.family, product.asset,"  # noqa: S608 - no input in it
        f"  product.token, product.retires_at,"
        # A flexible product takes money once it has a rate: before, nothing could be computed.
        # One that ends takes none that could not stay to its own end.
        f"  product.subscriptions_open AND (product.kind <> 'FLEXIBLE' OR rate.apr IS NOT NULL)"
        f"  AND (product.retires_at IS NULL OR product.retires_at > CASE product.kind"
        f"   WHEN 'LOCKED' THEN date_trunc('day', %(at)s::timestamptz, 'UTC')"
        f"    + (terms.duration_days + 1) * INTERVAL '24 hours' - INTERVAL '1 microsecond'"
        f"   ELSE %(at)s END),"
        f"  coalesce(rate.apr, 0), {TERMS_COLUMNS}"
        f" FROM earn_product AS product"
        f" CROSS JOIN LATERAL (SELECT * FROM earn_terms WHERE product_id = product.id"
        f"  AND effective_from <= %(at)s ORDER BY effective_from DESC LIMIT 1) AS terms"
        f" LEFT JOIN LATERAL (SELECT apr FROM earn_rate WHERE product_id = product.id"
        f"  AND from_minute <= %(minute)s ORDER BY from_minute DESC LIMIT 1) AS rate ON TRUE"
        f" WHERE (%(asset)s::text IS NULL OR product.asset = %(asset)s)"
        f" AND (%(codes)s::text[] IS NULL OR product.code = ANY(%(codes)s))"
        f" ORDER BY product.kind, product.asset, terms.duration_days, product.code",
        {
            "at": at,
            "minute": minute_of(at),
            "asset": asset,
            "codes": None if codes is None else list(codes),
        },
    )
    return tuple(product_view(row) for row in found)


def get_product(*, code: str, at: datetime) -> ProductView:
    """
    Return one product.

    Raises:
        ProductNotFound: there is none of this code at `at`.
    """
    found = list_products(at=at, codes=[code])
    if not found:
        raise errors.ProductNotFound(product_code=code)
    return found[0]


def product_view(row: Sequence[Any]) -> ProductView:
    """Make a product of its columns, as above, the flexible rate and the columns of terms."""
    id_, code, kind, family, asset, token, retires_at, is_open, rate, *terms_columns = row
    terms = terms_view(terms_columns)
    return ProductView(
        id=id_,
        code=code,
        kind=kind,
        family=family,
        asset=asset,
        token=token,
        retires_at=retires_at,
        subscriptions_open=is_open,
        apr=terms.apr if terms.apr is not None else rate,
        terms=terms,
    )


def terms_view(columns: Sequence[Any]) -> TermsView:
    """Make terms of the columns of `TERMS_COLUMNS`."""
    return TermsView(**dict(zip(_TERMS_FIELDS, columns, strict=True)))


def products_since(product_ids: Iterable[int]) -> dict[int, datetime]:
    """Return since when products exist: their first terms."""
    return dict(
        db.rows(
            "SELECT product_id, min(effective_from) FROM earn_terms"
            " WHERE product_id = ANY(%s::bigint[]) GROUP BY product_id",
            [db.array(set(product_ids))],
        )
    )
