"""
What a child does between fork and exec: tie its life to its parent's, and stop being root.

Run as a file by `python -I -S`, so that it starts in milliseconds, imports nothing of Mooring and
works whatever the state of the checkout. PostgreSQL refuses to run as root; as root there are
two ways out, and `privilege.py` chooses:

* `--as-user-namespace`: a user namespace in which this process has another number. Outside it
  is still root, so that a checkout under /root works and every file keeps its owner.
* `--as-user UID GID`: become that user, where namespaces are forbidden (most containers).
  With `--keep-access` it keeps the one capability to pass folders that are closed to others.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522
_CLONE_NEWUSER = 0x10000000


def main(arguments: list[str]) -> None:
    """Apply the options before `--`, then become the command after it."""
    options, command = _split(arguments)
    libc = ctypes.CDLL(None, use_errno=True)
    while options:
        option = options.pop(0)
        if option == "--as-user-namespace":
            _enter_user_namespace(libc, int(options.pop(0)), int(options.pop(0)))
        elif option == "--as-user":
            keep_access = options[2:3] == ["--keep-access"]
            _become_user(libc, int(options.pop(0)), int(options.pop(0)), keep_access=keep_access)
        elif option == "--die-with":
            # Last of all: the kernel forgets this wish when the user changes.
            _die_with(libc, int(options.pop(0)), int(options.pop(0)))
    os.execvp(command[0], command)  # noqa: S606  (no shell is wanted)


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    border = arguments.index("--")
    return arguments[:border], arguments[border + 1 :]


def _enter_user_namespace(libc: ctypes.CDLL, uid: int, gid: int) -> None:
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    _must(libc.unshare(_CLONE_NEWUSER))
    for name, text in (
        ("setgroups", "deny"),
        ("gid_map", f"{gid} {outer_gid} 1"),
        ("uid_map", f"{uid} {outer_uid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123  (pathlib costs 10 ms)
            file.write(text)


def _become_user(libc: ctypes.CDLL, uid: int, gid: int, *, keep_access: bool) -> None:
    if keep_access:
        _must(libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if keep_access:
        mask = 1 << _CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        # Twice (effective, permitted, inheritable): the lower and the upper 32 capabilities.
        wanted = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
        _must(libc.capset(header, wanted))
        _must(libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0))


def _die_with(libc: ctypes.CDLL, parent: int, signal_number: int) -> None:
    if sys.platform == "linux":
        _must(libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0))
    if os.getppid() != parent:
        sys.exit(0)


def _must(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main(sys.argv[1:])
