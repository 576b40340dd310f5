"""Daily rates, and what a unit had grown to at midnights."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from mooring.earn.rules import daily, dates
from mooring.earn.rules.daily import DailyRates, Tier, TiersFrom
from mooring.earn.rules.rewards import RateFrom, growth_at
from mooring.kernel import db


def daily_rates(product_ids: Iterable[int]) -> dict[int, DailyRates]:
    """Return what products pay by the day, announced days included; one without is missing."""
    found = db.rows(
        "SELECT rate.product_id, product.asset, rate.asset, rate.from_day, rate.above, rate.up_to,"
        "  rate.rate"
        " FROM earn_daily_rate AS rate INNER JOIN earn_product AS product"
        "  ON product.id = rate.product_id"
        " WHERE rate.product_id = ANY(%s::bigint[])"
        " ORDER BY rate.product_id, rate.from_day, rate.asset, rate.above",
        [db.array(set(product_ids))],
    )
    return {
        product_id: DailyRates(
            asset=asset,
            sets=tuple(
                TiersFrom(
                    asset=paid_in,
                    from_day=from_day,
                    tiers=tuple(
                        Tier(above=above, up_to=up_to, rate=rate)
                        for *_, above, up_to, rate in tiers
                    ),
                )
                for (from_day, paid_in), tiers in groupby(rows, key=itemgetter(3, 2))
            ),
        )
        for (product_id, asset), rows in groupby(found, key=itemgetter(0, 1))
    }


def growths_at_midnights(
    wanted: Iterable[tuple[int, date]],
) -> dict[tuple[int, date], Decimal]:
    """
    Return what one unit of flexible products had grown to when days began.

    Args:
        wanted: of product and UTC day; a day before the product's first rate is missing in
            the answer.
    """
    pairs = sorted(set(wanted))
    if not pairs:
        return {}
    minutes = [dates.minute_of(daily.midnight(day)) for _, day in pairs]
    found = db.rows(
        "SELECT t.place, rate.from_minute, rate.apr, rate.growth"
        " FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS t (product_id, minute, place)"
        " CROSS JOIN LATERAL (SELECT from_minute, apr, growth FROM earn_rate"
        "  WHERE product_id = t.product_id AND from_minute <= t.minute"
        "  ORDER BY from_minute DESC LIMIT 1) AS rate",
        [db.array(product_id for product_id, _ in pairs), db.array(minutes)],
    )
    return {
        pairs[place - 1]: growth_at(
            RateFrom(from_minute=start, apr=apr, growth=growth), minutes[place - 1]
        )
        for place, start, apr, growth in found
    }
