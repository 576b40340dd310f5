"""Rates as the exchange tells them: one for each UTC day."""

from datetime import datetime, timedelta
from decimal import Decimal

from mooring.earn import api as earn
from mooring.gateway.binance.parameters import Window

_A_DAY = timedelta(days=1)


def rates_by_day(
    product: earn.ProductView, window: Window, *, at: datetime
) -> list[tuple[datetime, Decimal]]:
    """
    Return the yearly rate that held at the beginning of each UTC day, newest first.

    The day on which the product began is there with its first rate.

    Args:
        at: the platform's time; days that have not begun have no rate.
    """
    changes = earn.rate_history(product, at=at)
    if not changes:
        return []
    day = min(window.end, at).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    while day >= window.start:
        rate = next((apr for since, apr in changes if since <= day), None)
        if rate is not None:
            found.append((day, rate))
        day -= _A_DAY
    first, rate = changes[-1]
    if window.start <= first <= window.end and (not found or found[-1][0] != first):
        found.append((first, rate))
    return found
