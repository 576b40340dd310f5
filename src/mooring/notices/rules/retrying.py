"""When a message that was not taken is tried again."""

from datetime import timedelta
from typing import Final

#: The table holds it too. The last try is half an hour after the first.
TRIES_MAX: Final = 8
_FIRST_DELAY: Final = timedelta(seconds=15)


def delay_after(tries: int) -> timedelta:
    """Return how long to wait after the nth failed try, from 1; each time twice as long."""
    return _FIRST_DELAY * (1 << (tries - 1))
