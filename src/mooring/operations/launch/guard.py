"""
Start the supervisor again when it is killed: nobody can start itself.

The process that the terminal (or `make`, or systemd) sees does nothing else, so that there is
nothing in it to break. When it is killed itself, the supervisor is told and stops everything.
"""

import contextlib
import ctypes
import functools
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def guarded(supervise: Callable[[], int]) -> int:
    """
    Run `supervise` in a process of its own until it ends by itself, and return its exit code.

    Signals that ask to stop are passed on to it.
    """
    guard = os.getpid()
    while True:
        pid = os.fork()
        if pid == 0:
            _become_supervisor(guard, supervise)
        for number in _PASSED_ON:
            signal.signal(number, functools.partial(_pass_on, pid))
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code != -signal.SIGKILL:
            return code if code >= 0 else 128 - code
        print("  ! The supervisor was killed; it is started again.", flush=True)


def _become_supervisor(guard: int, supervise: Callable[[], int]) -> NoReturn:
    code = 1
    try:
        for number in _PASSED_ON:
            signal.signal(number, signal.SIG_DFL)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() == guard:
            code = supervise()
    except Exception:  # noqa: BLE001 - of any kind: this process ends here, having said it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Not back into the guard's half of this function, whatever was raised.
        os._exit(code)


def _pass_on(pid: int, number: int, _frame: object) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
