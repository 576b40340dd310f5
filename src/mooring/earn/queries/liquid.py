"""What tokens of liquid staking are worth, were worth, and how long giving them back takes."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from mooring.earn.rules import dates
from mooring.earn.rules.liquid import Unbonding
from mooring.kernel import db


def ratios_at(product_ids: Iterable[int], *, at: datetime) -> dict[int, Decimal]:
    """Return the ratios in force; a product without one is missing."""
    found = db.rows(
        "SELECT DISTINCT ON (product_id) product_id, ratio FROM earn_ratio"
        " WHERE product_id = ANY(%s::bigint[]) AND effective_from <= %s"
        " ORDER BY product_id, effective_from DESC",
        [db.array(set(product_ids)), at],
    )
    return dict(found)


def ratio_history(
    *, product_id: int, at: datetime, limit: int = 100
) -> tuple[tuple[datetime, Decimal], ...]:
    """Return from when on a token was worth how much, newest first."""
    found = db.rows(
        "SELECT effective_from, ratio FROM earn_ratio"
        " WHERE product_id = %s AND effective_from <= %s ORDER BY effective_from DESC LIMIT %s",
        [product_id, at, limit],
    )
    return tuple(found)


def unbonding_at(assets: Iterable[str], *, at: datetime) -> dict[str, Unbonding]:
    """Return how long chains take now; an asset of which nothing is published is missing."""
    found = db.rows(
        "SELECT DISTINCT ON (asset) asset, hours_min, hours_max FROM earn_unbonding"
        " WHERE asset = ANY(%s::text[]) AND effective_from <= %s"
        " ORDER BY asset, effective_from DESC",
        [sorted(set(assets)), at],
    )
    return {
        asset: Unbonding(hours_min=hours_min, hours_max=hours_max)
        for asset, hours_min, hours_max in found
    }


def given_back_today(position_ids: Iterable[int], *, at: datetime) -> dict[int, Decimal]:
    """Return what was asked for in this UTC day, in the asset, by position."""
    found = db.rows(
        "SELECT position_id, sum(net) FROM earn_redemption"
        " WHERE position_id = ANY(%s::bigint[]) AND type = 'LIQUID' AND requested_at >= %s"
        "  AND status <> 'CANCELLED'"
        " GROUP BY position_id",
        [db.array(set(position_ids)), dates.start_of_day(at)],
    )
    return dict(found)
