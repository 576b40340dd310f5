"""
Do what the worker does when locked positions end, in a process of its own.

    python -m bench.maturity_day END

Books the last reward day at END, lets the positions mature, pays the rewards an hour later and
delivers the principal a day later. Prints as JSON how many positions and how many seconds each
of these took, and the most memory the process had.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import django


def main(end: str) -> None:
    """Carry it out and say what it took."""
    django.setup()
    from mooring.earn.actions.close_days import close_locked_days, pay_locked_rewards
    from mooring.earn.actions.deliver import deliver_due
    from mooring.earn.actions.mature import mature_due

    at = datetime.fromisoformat(end)
    parts: dict[str, Callable[[], int]] = {
        "book the last day": lambda: close_locked_days(at=at),
        "mature": lambda: mature_due(at=at),
        "pay": lambda: pay_locked_rewards(through=at, at=at + timedelta(hours=1)),
        "deliver": lambda: deliver_due(at=at + timedelta(days=1)),
    }
    done, seconds = {}, {}
    for name, part in parts.items():
        begun = time.perf_counter()
        done[name] = part()
        seconds[name] = time.perf_counter() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"done": done, "seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
