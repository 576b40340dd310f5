"""
Group commit: requests that arrive while a commit is under way form the next batch.

The durable write of one commit takes as long as that of a thousand rows. One of those who wait
leads: it takes everything that waits, runs it as one batch in one transaction, hands out the
outcomes and passes the lead to one of those who came meanwhile. A request alone waits for
nobody; latency stays that of one or two commits, throughput becomes that of a set.

Reads that every request makes go the same way: what threads ask at the same time is one statement.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Generic, TypeVar

from django.db import connection

from mooring.kernel import db

Request = TypeVar("Request")
Outcome = TypeVar("Outcome")

#: Pauses before a batch is tried again after a deadlock or a lost connection; a database that
#: was killed is back within them.
PAUSES_SECONDS: Final = (0.1, 1.0)
#: How long a leader waits for company when the last batch had some; far less than a commit.
GATHER_SECONDS: Final = 0.001
#: Longer batches commit no cheaper per request and make the others wait.
BATCH_MAX: Final = 1000


class _Ticket(Generic[Request, Outcome]):
    """One request on its way through, and the thread that waits for it."""

    __slots__ = ("at", "error", "leads", "led", "outcome", "request", "woken")

    def __init__(self, request: Request, at: datetime, *, led: int) -> None:
        self.request = request
        self.at = at
        #: Which batch its thread led last, counted from 1; 0 if none.
        self.led = led
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None
        self.leads = False
        # A bare lock is the cheapest thing that one thread can wait for and another release.
        self.woken = threading.Lock()
        self.woken.acquire()


class GroupCommit(Generic[Request, Outcome]):
    """
    A queue in front of an action that takes many.

    Args:
        action: takes requests and a time, opens its own transaction, returns one outcome per
            request in order. A batch is decided at the latest `at` among its requests.
    """

    def __init__(self, action: Callable[[Sequence[Request], datetime], Sequence[Outcome]]) -> None:
        self._action = action
        self._waiting: deque[_Ticket[Request, Outcome]] = deque()
        self._mutex = threading.Lock()
        self._led = False
        #: How many the last batch had; a request alone waits for nobody.
        self._last = 0
        self._batches = 0
        self._thread = threading.local()

    def submit(self, request: Request, *, at: datetime) -> Outcome:
        """
        Carry out one request with those that wait beside it, and return its outcome.

        Raises:
            Whatever the action raises for this request when it is tried alone: a fault in
            one request of a batch does not spread to the others. After a deadlock or a lost
            connection the batch is tried again first, so requests need keys that make twice
            equal once.
        """
        ticket: _Ticket[Request, Outcome] = _Ticket(
            request, at, led=getattr(self._thread, "led", 0)
        )
        with self._mutex:
            self._waiting.append(ticket)
            if not self._led:
                self._led = ticket.leads = True
            leads = ticket.leads
        # Woken once for each change: into the lead, or with an outcome. What `leads` is may
        # only be read after that, so that no waking is left over for the next one.
        while not (leads and self._lead(ticket)):
            ticket.woken.acquire()
            leads = ticket.leads
            if not leads:
                break
        if ticket.error is not None:
            raise ticket.error
        return ticket.outcome  # type: ignore[return-value]  # set whenever there is no error

    def _lead(self, leader: _Ticket[Request, Outcome]) -> bool:
        """Run the next batch and return True, or hand the lead over and return False."""
        if self._last > 1:
            # Who was just answered asks again at once: a moment's wait gathers them all.
            # Without it every second batch is the one request that was quickest.
            time.sleep(GATHER_SECONDS)
        with self._mutex:
            if self._call_leader() is not leader:
                leader.leads = False
                return False
            self._waiting.remove(leader)
            count = min(len(self._waiting), BATCH_MAX - 1)
            others = [self._waiting.popleft() for _ in range(count)]
            self._last = 1 + len(others)
            self._batches += 1
            self._thread.led = self._batches
        try:
            self._run([leader, *others])
        finally:
            for ticket in others:
                ticket.woken.release()
            with self._mutex:
                self._led = bool(self._waiting)
                if self._led:
                    self._call_leader()
        return True

    def _call_leader(self) -> _Ticket[Request, Outcome]:
        """
        Choose among those who wait, and wake the one chosen.

        Who led last leads again: its connection has the statements prepared and planned, which
        costs a new one as much as several batches.
        """
        leader = max(self._waiting, key=lambda ticket: ticket.led)
        if not leader.leads:
            leader.leads = True
            leader.woken.release()
        return leader

    def _run(self, batch: Sequence[_Ticket[Request, Outcome]]) -> None:
        for pause in (*PAUSES_SECONDS, None):
            try:
                self._try(batch)
            except BaseException as error:  # noqa: BLE001 - handed to the thread it belongs to
                if pause is not None and db.is_worth_another_try(error):
                    # Every request has a key: what was committed unseen is answered, not redone.
                    connection.close()
                    time.sleep(pause)
                    continue
                self._part(batch, error)
            return

    def _part(self, batch: Sequence[_Ticket[Request, Outcome]], error: BaseException) -> None:
        """Give the error to the one it belongs to: rolled back whole, each is tried alone."""
        if len(batch) == 1:
            batch[0].error = error
            return
        for ticket in batch:
            self._run([ticket])

    def _try(self, batch: Sequence[_Ticket[Request, Outcome]]) -> None:
        at = max(ticket.at for ticket in batch)
        outcomes = self._action([ticket.request for ticket in batch], at)
        for ticket, outcome in zip(batch, outcomes, strict=True):
            ticket.outcome = outcome
