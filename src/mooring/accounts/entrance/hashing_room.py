"""
How much hashing strangers may cause at a time, so that a flood leaves room for everybody else.

A hash is made to be expensive. Log-ins from browsers that nobody has confirmed, and sign-ups, take
turns at a part of the processors and wait for a moment only; confirmed browsers need no turn. Who
gets none is answered as if a budget were used up, whoever it was about. What is hashed for them
gives way to every page that somebody waits for. Per process, and no limit of tries: that is
`throttle`.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: Half of the processors, but one at least.
TURNS: Final = max(1, (os.cpu_count() or 1) // 2)
#: Who waits holds one of the web server's threads: a few, and not for long.
WAITING_MAX: Final = 3
#: How much less a processor thinks of it: a tenth of its time where something else wants all of it.
_NICENESS: Final = 10
SECONDS_MAX: Final = 1.0


class Room:
    """Turns at hashing, and a short queue for them."""

    def __init__(self, *, turns: int, waiting_max: int, seconds_max: float) -> None:
        self._turns = threading.Semaphore(turns)
        self._places = threading.Semaphore(turns + waiting_max)
        self._seconds_max = seconds_max

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Wait for a turn, and say whether there is one; it ends with the block."""
        has_place = self._places.acquire(blocking=False)
        has_turn = has_place and self._turns.acquire(timeout=self._seconds_max)
        try:
            yield has_turn
        finally:
            if has_turn:
                self._turns.release()
            if has_place:
                self._places.release()


#: For everybody whom this process does not know.
STRANGERS: Final = Room(turns=TURNS, waiting_max=WAITING_MAX, seconds_max=SECONDS_MAX)


def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what some work returns that needs no database, done where it gives way to pages."""
    return _aside.submit(work, *args, **kwargs).result()


def _give_way() -> None:
    # Linux counts it by thread. Elsewhere it would slow the whole server down.
    if sys.platform == "linux":
        os.nice(_NICENESS)


_aside: Final = ThreadPoolExecutor(TURNS, thread_name_prefix="hashing", initializer=_give_way)
