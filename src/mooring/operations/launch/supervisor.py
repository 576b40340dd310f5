"""
One process that keeps the platform alive: database, web server, worker.

Whatever of them ends is started again. When this process is asked to stop, they are stopped in
order; when it is killed, the kernel tells them (see `child_entry`), and the next one clears
what may still be there. See decision 0003.
"""

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from mooring.operations.launch import database, embedded, environment, preflight, processes
from mooring.operations.launch.children import Child
from mooring.operations.launch.errors import CannotStart
from mooring.operations.launch.guard import guarded
from mooring.operations.launch.home import Home
from mooring.operations.launch.plan import Plan, carry_out, product_plan
from mooring.operations.launch.terminal import Terminal

_LOOK_SECONDS = 0.1
_READY_SECONDS_MAX = 60
_DATABASE_PAUSE_SECONDS = 5.0
# A second Ctrl-C later than this means that the person does not want to wait.
_SECOND_THOUGHT_SECONDS = 0.5
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(home: Path | None = None, *, plan: Plan | None = None) -> int:
    """
    Start the platform, keep it alive until asked to stop, stop it, and return the exit code.

    Args:
        home: the installation's folder; None for MOORING_HOME, else `./var`.
        plan: what to run instead of the whole platform; for tests.

    Returns:
        0 when it was asked to stop, 1 when it could not start, said in one sentence.
    """
    # Files and sockets are for this user alone, whatever the shell's mask is.
    os.umask(0o077)
    return guarded(lambda: _supervise(home, plan))


def _supervise(home: Path | None, plan: Plan | None) -> int:
    try:
        Supervisor(plan or product_plan(home)).run()
    except CannotStart as reason:
        print(reason, file=sys.stderr, flush=True)
        return 1
    return 0


class Supervisor:
    """The state of one run."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._terminal = Terminal()
        # Plain values, not a threading.Event: a signal handler that sets an event while the same
        # thread waits for it waits for itself.
        self._is_stop_asked = False
        self._stop_asked_at = 0.0
        self._is_urgent = False
        self._server: embedded.Server | None = None
        self._database_again_at = 0.0
        self._children = [
            Child(spec, log_folder=plan.home.log, warn=self._terminal.warn)
            for spec in plan.children
        ]

    def run(self) -> None:
        """Run until asked to stop; all that was started is stopped, whatever happens."""
        self._plan.home.prepare()
        with _alone_in(self._plan), self._listening_to_signals():
            try:
                self._start()
                while not self._is_stop_asked:
                    self._watch()
                    time.sleep(_LOOK_SECONDS)
            finally:
                self._stop()

    def _start(self) -> None:
        home, port = self._plan.home, self._plan.port
        _end_leftovers(home)
        preflight.check_port(port)
        preflight.check_disk(home.root)
        for doubt in preflight.find_doubts():
            self._terminal.warn(doubt)
        with self._terminal.step("Database answers"):
            self._start_database()
        for step in self._plan.steps:
            if not self._is_stop_asked and step.is_needed():
                with self._terminal.step(step.title):
                    log = home.log / "start.log"
                    carry_out(step, log=log, is_cancelled=lambda: self._is_stop_asked)
        if not self._is_stop_asked:
            with self._terminal.step("Web server and worker are ready"):
                self._start_children()
        if not self._is_stop_asked:
            self._terminal.say(self._plan.announcement())

    def _start_database(self) -> None:
        if self._plan.has_embedded_database:
            self._server = embedded.start(self._plan.home.root)
        else:
            database.check_external(os.environ["DATABASE_URL"])

    def _start_children(self) -> None:
        for child in self._children:
            child.start()
        until = time.monotonic() + _READY_SECONDS_MAX
        for child in self._children:
            while not self._is_stop_asked and not child.is_ready():
                time.sleep(_LOOK_SECONDS / 4)
                self._watch()
                if time.monotonic() > until:
                    raise CannotStart(
                        f"{child.spec.title} is not ready after {_READY_SECONDS_MAX} seconds: "
                        f"{self._plan.home.log / child.spec.name}.log says why."
                    )

    def _watch(self) -> None:
        self._watch_database()
        for child in self._children:
            child.watch()

    def _watch_database(self) -> None:
        is_well = self._server is None or self._server.is_alive()
        if is_well or time.monotonic() < self._database_again_at:
            return
        self._terminal.warn("The database was ended; it is started again.")
        try:
            self._server = embedded.start(self._plan.home.root, may_create=False)
        except CannotStart as reason:
            self._terminal.warn(str(reason))
            self._database_again_at = time.monotonic() + _DATABASE_PAUSE_SECONDS

    def _stop(self) -> None:
        for child in self._children:
            child.stop(is_urgent=lambda: self._is_urgent)
        if self._server is not None:
            self._server.stop()
        if self._is_stop_asked:
            self._terminal.say("\n  Stopped.")

    @contextlib.contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._ask_to_stop) for number in _STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask_to_stop(self, _number: int, _frame: object) -> None:
        # Ctrl-C may arrive twice at once: from the terminal, and passed on by the guard.
        if not self._is_stop_asked:
            self._stop_asked_at = time.monotonic()
        elif time.monotonic() - self._stop_asked_at > _SECOND_THOUGHT_SECONDS:
            self._is_urgent = True
        self._is_stop_asked = True


@contextlib.contextmanager
def _alone_in(plan: Plan) -> Iterator[None]:
    with plan.home.lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(_already_running(plan.home, file)) from None
        file.truncate(0)
        told = {"pid": os.getpid(), "port": plan.port, "address": plan.address}
        file.write(json.dumps(told))
        file.flush()
        yield
        file.truncate(0)


def _already_running(home: Home, file: TextIO) -> str:
    file.seek(0)
    try:
        told = json.loads(file.read())
        where = f" (process {told['pid']}, http://localhost:{told['port']})"
    except (ValueError, KeyError, TypeError):
        where = ""
    return (
        f"Mooring runs already with the data of {home.root}{where}: stop it first, or start "
        "another with its own data, `MOORING_HOME=var2 PORT=8001 make run`."
    )


def _end_leftovers(home: Home) -> None:
    # Those of this very home, and only if the kernel has not ended them yet. A database on its
    # way down is no concern here: `embedded.start` waits for it.
    left = processes.marked_with(environment.MARK, str(home.root))
    processes.end(left, patience_seconds=3, ask=signal.SIGTERM)
