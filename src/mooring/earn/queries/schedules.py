"""What held, holds and is to hold of a product, by its times; for the operator."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mooring.earn import errors
from mooring.earn.facts import ProductView, TermsView
from mooring.earn.queries.products import TERMS_COLUMNS, get_product, list_products, terms_view
from mooring.earn.rules import dates
from mooring.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The next thing that changes of a product; `kind` as `models.Proposal.Kind`."""

    kind: str
    effective_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnbondingFrom:
    """How long a chain takes from a time on, in hours."""

    effective_from: datetime
    hours_min: int
    hours_max: int
    note: str


def announced_product(*, code: str, at: datetime) -> ProductView:
    """
    Return a product as it is at `at`; one that is only announced as it will be at first.

    Raises:
        ProductNotFound: nobody has decided on one of this code.
    """
    found = list_products(at=at, codes=[code])
    if found:
        return found[0]
    [(first,)] = db.rows(
        "SELECT min(terms.effective_from) FROM earn_terms AS terms"
        " INNER JOIN earn_product AS product ON product.id = terms.product_id"
        " WHERE product.code = %s",
        [code],
    )
    if first is None:
        raise errors.ProductNotFound(product_code=code)
    return get_product(code=code, at=first)


def list_terms(*, product_id: int, limit: int = 20) -> tuple[tuple[datetime, TermsView], ...]:
    """Return the versions of a product's terms with the time of each, newest first."""
    found = db.rows(
        f"SELECT terms.effective_from, {TERMS_COLUMNS} FROM earn_terms AS terms"  # noqa: S608 - no input in it
        f" WHERE terms.product_id = %s ORDER BY terms.effective_from DESC LIMIT %s",
        [product_id, limit],
    )
    return tuple((since, terms_view(columns)) for since, *columns in found)


def list_rates(*, product_id: int, limit: int = 20) -> tuple[tuple[datetime, Decimal], ...]:
    """Return a product's rates by the minute with the time of each, newest first."""
    found = db.rows(
        "SELECT from_minute, apr FROM earn_rate WHERE product_id = %s"
        " ORDER BY from_minute DESC LIMIT %s",
        [product_id, limit],
    )
    return tuple((dates.time_of_minute(minute), apr) for minute, apr in found)


def list_ratios(*, product_id: int, limit: int = 20) -> tuple[tuple[datetime, Decimal], ...]:
    """Return what a token was, is and will be worth, with the time of each, newest first."""
    found = db.rows(
        "SELECT effective_from, ratio FROM earn_ratio WHERE product_id = %s"
        " ORDER BY effective_from DESC LIMIT %s",
        [product_id, limit],
    )
    return tuple(found)


def list_unbonding(*, asset: str, limit: int = 20) -> tuple[UnbondingFrom, ...]:
    """Return how long an asset's chain took, takes and will take, newest first."""
    found = db.rows(
        "SELECT effective_from, hours_min, hours_max, note FROM earn_unbonding WHERE asset = %s"
        " ORDER BY effective_from DESC LIMIT %s",
        [asset, limit],
    )
    return tuple(
        UnbondingFrom(effective_from=since, hours_min=least, hours_max=most, note=note)
        for since, least, most, note in found
    )


def next_changes(*, at: datetime) -> dict[int, Coming]:
    """Return what is announced next, by product; one of which nothing is announced is missing."""
    found = db.rows(
        _NEXT, {"at": at, "minute": dates.minute_of(at), "day": dates.start_of_day(at).date()}
    )
    return {
        product_id: Coming(kind=kind, effective_from=since) for product_id, since, kind in found
    }


_NEXT = """
    SELECT DISTINCT ON (product_id) product_id, since, kind
    FROM (
        SELECT product_id, effective_from AS since, 'TERMS' AS kind
        FROM earn_terms WHERE effective_from > %(at)s
        UNION ALL
        SELECT product_id, to_timestamp(from_minute * 60), 'RATE'
        FROM earn_rate WHERE from_minute > %(minute)s
        UNION ALL
        SELECT product_id, from_day::timestamp AT TIME ZONE 'UTC', 'DAILY_RATE'
        FROM earn_daily_rate WHERE from_day > %(day)s
        UNION ALL
        SELECT product_id, effective_from, 'RATIO'
        FROM earn_ratio WHERE effective_from > %(at)s
        UNION ALL
        SELECT id, retires_at, 'RETIREMENT'
        FROM earn_product WHERE retires_at > %(at)s
    ) AS announced
    ORDER BY product_id, since, kind
"""
