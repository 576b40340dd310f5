"""Looking at processes that others started: whose they are, and making them go."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

_PROC = Path("/proc")


def is_alive(pid: int) -> bool:
    """Return whether the process runs; one that has ended but was not waited for does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def command_line(pid: int) -> list[str]:
    """Return the words of a process's command line, none if it is gone."""
    if sys.platform == "linux":
        try:
            raw = (_PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            return []
        return [os.fsdecode(word) for word in raw.split(b"\0") if word]
    shown = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.split()


def working_in(folder: Path) -> list[int]:
    """Return the processes whose working folder this is (Linux; elsewhere none is seen)."""
    return [pid for pid in _all_pids() if _link(pid, "cwd") == str(folder)]


def marked_with(name: str, value: str) -> list[int]:
    """Return the processes, other than this one, started with that environment variable."""
    mark = os.fsencode(f"{name}={value}")
    return [pid for pid in _all_pids() if pid != os.getpid() and mark in _environment(pid)]


def end(pids: Iterable[int], *, patience_seconds: float, ask: signal.Signals) -> None:
    """Ask the processes to end, and kill those that are still there when patience is over."""
    waiting = list(pids)
    _signal_all(waiting, ask)
    if not wait_until(lambda: not any(map(is_alive, waiting)), seconds=patience_seconds):
        _signal_all(waiting, signal.SIGKILL)
        wait_until(lambda: not any(map(is_alive, waiting)), seconds=2)


def wait_until(
    condition: Callable[[], bool], *, seconds: float, pause_seconds: float = 0.02
) -> bool:
    """Return True as soon as the condition holds, False when the time is over."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= until:
            return False
        time.sleep(pause_seconds)
    return True


def _signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _is_zombie(pid: int) -> bool:
    try:
        status = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return False
    # The name stands in brackets and may hold anything, brackets too.
    return status.rpartition(")")[2].split()[0] == "Z"


def _all_pids() -> list[int]:
    return (
        [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
        if _PROC.is_dir()
        else []
    )


def _link(pid: int, name: str) -> str:
    try:
        return str((_PROC / str(pid) / name).readlink())
    except OSError:
        return ""


def _environment(pid: int) -> list[bytes]:
    try:
        return (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
