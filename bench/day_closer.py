"""
Close one day of one product in a process of its own, as the worker does.

    python -m bench.day_closer PRODUCT_ID ASSET ENDS_AT

Prints as JSON how many positions were closed, in how many seconds, and the most memory it had.
"""

import json
import resource
import sys
import time
from datetime import datetime

import django


def main(product_id: str, asset: str, ends_at: str) -> None:
    """Close the day and say what it took."""
    django.setup()
    from mooring.earn.actions.close_days import DayDue, close_flexible_day

    due = DayDue(product_id=int(product_id), asset=asset, ends_at=datetime.fromisoformat(ends_at))
    begun = time.perf_counter()
    closed = close_flexible_day(due, at=due.ends_at)
    seconds = time.perf_counter() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"closed": closed, "seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
