"""What a product paid over time."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from mooring.earn.facts import ProductView
from mooring.earn.rules import dates
from mooring.kernel import db

#: Changes at once; nobody reads more, and a chart has no room for them.
LIMIT: Final = 200


def rate_history(product: ProductView, *, at: datetime) -> tuple[tuple[datetime, Decimal], ...]:
    """
    Return from when on a product paid which yearly rate, newest first; as a fraction.

    Of a locked product it is what its terms offered to who came in then. A product of liquid
    staking has no rate, but a ratio (`ratio_history`).
    """
    if product.kind == "FLEXIBLE":
        found = db.rows(
            "SELECT from_minute, apr FROM earn_rate WHERE product_id = %s AND from_minute <= %s"
            " ORDER BY from_minute DESC LIMIT %s",
            [product.id, dates.minute_of(at), LIMIT],
        )
        return tuple((dates.time_of_minute(minute), apr) for minute, apr in found)
    if product.kind == "LOCKED":
        found = db.rows(
            "SELECT effective_from, apr FROM (SELECT effective_from, apr,"
            "  lag(apr) OVER (ORDER BY effective_from) AS before FROM earn_terms"
            "  WHERE product_id = %s AND effective_from <= %s) AS terms"
            " WHERE before IS DISTINCT FROM apr ORDER BY effective_from DESC LIMIT %s",
            [product.id, at, LIMIT],
        )
        return tuple(found)
    return ()
