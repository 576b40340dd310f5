"""What leaves limited products at once in a day, under the lock that keeps the limit."""

from collections.abc import Iterable
from datetime import datetime

from mooring.earn.queries.ways_out import WaysOut, limited_products, read_ways_out
from mooring.earn.rules import dates
from mooring.earn.rules.redemption import Holding
from mooring.kernel import db


@db.transaction_required
def lock_ways_out(holdings: Iterable[Holding], *, at: datetime) -> WaysOut:
    """
    Return what stands in the way of leaving positions, so that nobody passes a limit meanwhile.

    A person's limit is kept by the lock on the account; a product's by that on its row of the
    day, taken after accounts and positions, lowest product first.
    """
    known = list(holdings)
    limited = limited_products(
        holding.product_id for holding in known if holding.kind == "FLEXIBLE"
    )
    if limited:
        day = dates.start_of_day(at).date()
        db.execute(
            "INSERT INTO earn_daily_exit (product_id, day, amount)"
            " SELECT product_id, %s, 0 FROM unnest(%s::bigint[]) AS t (product_id)"
            " ORDER BY product_id ON CONFLICT DO NOTHING",
            [day, db.array(limited)],
        )
        db.rows(
            "SELECT id FROM earn_daily_exit WHERE product_id = ANY(%s::bigint[]) AND day = %s"
            " ORDER BY product_id FOR NO KEY UPDATE",
            [db.array(limited), day],
        )
    return read_ways_out(known, at=at, limited=limited)


@db.transaction_required
def store_daily_exits(ways: WaysOut) -> None:
    """Remember what left limited products at once today."""
    if not ways.of_products:
        return
    products = sorted(ways.of_products)
    db.execute(
        "UPDATE earn_daily_exit AS used SET amount = t.amount"
        " FROM unnest(%s::bigint[], %s::numeric[]) AS t (product_id, amount)"
        " WHERE used.product_id = t.product_id AND used.day = %s AND used.amount <> t.amount",
        [
            db.array(products),
            db.array([ways.of_products[product_id] for product_id in products]),
            ways.day,
        ],
    )
