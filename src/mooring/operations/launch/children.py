"""A process that is kept alive: started, watched, started again, stopped with all it started."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mooring.operations.launch import logs
from mooring.operations.launch.errors import CannotStart
from mooring.operations.launch.privilege import entry_command

# A process that ends by itself sooner than this after its start is failing, not unlucky.
_QUICK_DEATH_SECONDS = 5.0
# By then it has loaded its code, and would have ended if that were broken.
_SETTLED_SECONDS = 1.5
_PAUSE_SECONDS_FIRST = 0.5
_PAUSE_SECONDS_MAX = 15.0
_DEATHS_BEFORE_FIRST_READY_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """What to keep alive."""

    name: str
    #: How a sentence names it, with a capital: "The web server".
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    #: Whether it does its work already; None when still running after a moment is enough.
    is_ready: Callable[[], bool] | None = field(default=None)
    stop_seconds: float = 10.0


class Child:
    """One process kept alive; `watch` is called again and again by its supervisor."""

    def __init__(self, spec: ChildSpec, *, log_folder: Path, warn: Callable[[str], None]) -> None:
        self.spec = spec
        self.restarts = 0
        self._log = log_folder / f"{spec.name}.log"
        self._log_begins_at = 0
        self._warn = warn
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_again_at: float | None = None
        self._quick_deaths = 0
        self._was_ready = False

    @property
    def pid(self) -> int | None:
        """Return its process number, None while it does not run."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it, its output going to its log file."""
        self._log_begins_at = logs.rotate(self._log)
        with self._log.open("a") as log:
            self._process = subprocess.Popen(  # noqa: S603
                entry_command(self.spec.command, die_signal=signal.SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.spec.environment),
                # Its own group: Ctrl-C passes it by, and what it starts can be killed with it.
                start_new_session=True,
            )
        self._started_at = time.monotonic()
        self._start_again_at = None

    def is_ready(self) -> bool:
        """Return whether it runs and does its work."""
        if self._process is None or self._process.poll() is not None:
            return False
        if self.spec.is_ready is None:
            self._was_ready |= time.monotonic() - self._started_at > _SETTLED_SECONDS
        else:
            self._was_ready |= self.spec.is_ready()
        return self._was_ready

    def watch(self) -> None:
        """
        Start it again when it has ended, at once after a kill, ever more slowly when it fails.

        Raises:
            CannotStart: it has failed several times and never worked since it was first started.
        """
        if self._process is not None and self._process.poll() is not None:
            self._note_death(self._process)
        if self._start_again_at is not None and time.monotonic() >= self._start_again_at:
            self.restarts += 1
            self.start()

    def stop(self, *, is_urgent: Callable[[], bool]) -> None:
        """Ask it to end, and kill it and all it started when its time is over, or on urgency."""
        process, self._process, self._start_again_at = self._process, None, None
        if process is None:
            return
        process.terminate()
        until = time.monotonic() + self.spec.stop_seconds
        while process.poll() is None and time.monotonic() < until and not is_urgent():
            time.sleep(0.02)
        _kill_group(process)

    def _note_death(self, process: "subprocess.Popen[bytes]") -> None:
        _kill_group(process)
        code, self._process = process.returncode, None
        lived_seconds = time.monotonic() - self._started_at
        failed = code != -signal.SIGKILL and lived_seconds < _QUICK_DEATH_SECONDS
        self._quick_deaths = self._quick_deaths + 1 if failed else 0
        if not self._was_ready and self._quick_deaths >= _DEATHS_BEFORE_FIRST_READY_MAX:
            raise CannotStart(f"{self.spec.title} {self._ending(code)}")
        pause = _pause_seconds(self._quick_deaths)
        self._start_again_at = time.monotonic() + pause
        when = f"it is started again in {pause:g} s" if pause else "it is started again"
        self._warn(f"{self.spec.title} {self._ending(code).rstrip('.')}; {when}.")

    def _ending(self, code: int) -> str:
        if code < 0:
            return f"was ended by {signal.Signals(-code).name}."
        word = logs.last_line(self._log, self._log_begins_at)
        return f"ended (code {code}, last word in {self._log}: {word.rstrip('.')})."


def _pause_seconds(quick_deaths: int) -> float:
    if quick_deaths == 0:
        return 0.0
    return min(_PAUSE_SECONDS_MAX, _PAUSE_SECONDS_FIRST * 2.0 ** (quick_deaths - 1))


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    # The leader may be gone and leave workers that still hold its port.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
