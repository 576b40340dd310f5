"""As whom the database runs: PostgreSQL refuses root, and the newcomer may be root."""

import functools
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mooring.operations.launch.errors import CannotStart

_ENTRY = Path(__file__).with_name("child_entry.py")


@dataclass(frozen=True, slots=True)
class Identity:
    """How a database process is to be started, and who must own its files."""

    options: tuple[str, ...]
    owner_uid: int
    owner_gid: int

    def own(self, folder: Path) -> None:
        """Hand a folder and all in it to this identity, if somebody else has it."""
        found = folder.lstat()
        if (found.st_uid, found.st_gid) == (self.owner_uid, self.owner_gid):
            return
        for parent, _folders, files in os.walk(folder):
            for path in (parent, *(os.path.join(parent, file) for file in files)):  # noqa: PTH118
                os.lchown(path, self.owner_uid, self.owner_gid)


def entry_command(
    command: Sequence[str | Path], *, options: Sequence[str] = (), die_signal: int | None = None
) -> list[str]:
    """
    Return the command that applies the options of `child_entry` and then becomes `command`.

    Args:
        die_signal: sent to the child by the kernel when this process ends, however it ends.
            None for a child that may outlive it.
    """
    tie = [] if die_signal is None else ["--die-with", str(os.getpid()), str(int(die_signal))]
    start = [sys.executable, "-I", "-S", str(_ENTRY)]
    return [*start, *options, *tie, "--", *(str(word) for word in command)]


def database_identity(*, paths: Sequence[Path]) -> Identity:
    """
    Return as whom to run the database: oneself, or as root somebody harmless.

    Args:
        paths: what the database must be able to reach.

    Raises:
        CannotStart: this is root, and neither way of becoming somebody else works here.
    """
    if os.geteuid() != 0:
        return Identity((), os.geteuid(), os.getegid())
    user = _harmless_user()
    namespace = ("--as-user-namespace", str(user.pw_uid), str(user.pw_gid))
    if _works(namespace):
        return Identity(namespace, 0, 0)
    dropped: tuple[str, ...] = ("--as-user", str(user.pw_uid), str(user.pw_gid))
    if not all(_is_open_to_others(path) for path in paths):
        dropped = (*dropped, "--keep-access")
    if _works(dropped):
        return Identity(dropped, user.pw_uid, user.pw_gid)
    raise CannotStart(
        "PostgreSQL does not run as root and this machine forbids root to become another user: "
        "run Mooring as an ordinary user, or name a database server with DATABASE_URL."
    )


def _harmless_user() -> pwd.struct_passwd:
    # initdb looks the number up, so that it must be a user of this machine.
    for name in ("nobody", "daemon"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    ordinary = [user for user in pwd.getpwall() if user.pw_uid != 0]
    if ordinary:
        return ordinary[0]
    raise CannotStart(
        "PostgreSQL does not run as root and this machine knows no other user: "
        "create one (for instance `adduser --system nobody`) and try again."
    )


@functools.cache
def _works(options: tuple[str, ...]) -> bool:
    command = entry_command([shutil.which("true") or "/bin/true"], options=options)
    trial = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    return trial.returncode == 0


def _is_open_to_others(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents) if folder.is_dir())
