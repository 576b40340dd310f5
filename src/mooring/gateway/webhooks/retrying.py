"""When a message is tried again, and how long an address that fails is left alone."""

from datetime import timedelta
from typing import Final

_FIRST_DELAY: Final = timedelta(seconds=15)
_QUIET_MAX: Final = timedelta(hours=1)
#: 2 to this power is more than any delay needs.
_DOUBLINGS_MAX: Final = 20


def delay_after(tries: int) -> timedelta:
    """Return how long to wait after the nth failed try, from 1; each time twice as long."""
    return _FIRST_DELAY * (1 << min(tries - 1, _DOUBLINGS_MAX))


def quiet_after(failures: int) -> timedelta:
    """Return how long an address is left alone after so many failures in a row, from 1."""
    return min(delay_after(failures), _QUIET_MAX)
