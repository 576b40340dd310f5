"""
How much hashing strangers may cause at a time, so that a flood leaves room for everybody else.

A hash is made to be expensive. Log-ins from browsers that nobody has confirmed, and sign-ups, take
turns at a part of the processors and wait for a moment only; confirmed browsers need no turn. Who
gets none is answered as if a budget were used up, whoever it was about. Per process, and no limit
of tries: that is `throttle`.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Half of the processors, but one at least.
TURNS: Final = max(1, (os.cpu_count() or 1) // 2)
#: Who waits holds one of the web server's threads: a few, and not for long.
WAITING_MAX: Final = 7
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
