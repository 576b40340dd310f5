"""The data folder of the embedded PostgreSQL: made whole or not at all, and fit to be started."""

import functools
import os
import shutil
import signal
import subprocess
from pathlib import Path

from mooring.operations.launch import logs, processes
from mooring.operations.launch.binaries import MAJOR, binary
from mooring.operations.launch.errors import CannotStart
from mooring.operations.launch.home import Home
from mooring.operations.launch.privilege import Identity, entry_command

SUPERUSER = "postgres"
OWNER = "mooring"
DATABASE = "mooring"

# May the owner create roles: migrations create the role that the application works as, and
# databases: tests make their own.
_CREATE_OWNER = """
SELECT 'CREATE ROLE mooring LOGIN CREATEDB CREATEROLE PASSWORD ''%s'''
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mooring') \\gexec
SELECT 'CREATE DATABASE mooring OWNER mooring'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'mooring') \\gexec
"""


def scrubbed_environment() -> dict[str, str]:
    """Return the environment without PG*: another server's address or options must not leak in."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def refuse_other_version(home: Home) -> None:
    """
    Refuse a data folder that another major version of PostgreSQL wrote.

    Raises:
        CannotStart: it is newer, or older, than the PostgreSQL that is installed here.
    """
    try:
        found = int((home.postgres / "PG_VERSION").read_text())
    except FileNotFoundError:
        return
    if found > MAJOR:
        raise CannotStart(
            f"The data in {home.postgres} was written by PostgreSQL {found}, newer than the "
            f"{MAJOR} of this Mooring: start the newer Mooring that wrote it."
        )
    if found < MAJOR:
        raise CannotStart(
            f"The data in {home.postgres} was written by PostgreSQL {found}, older than the "
            f"{MAJOR} of this Mooring: dump it with the Mooring that wrote it and restore it here."
        )


def create_if_absent(home: Home, identity: Identity) -> None:
    """
    Create the data folder under another name, then rename it: half a folder is never found.

    Raises:
        CannotStart: the disk is full, or initdb failed otherwise.
    """
    if home.postgres.exists():
        return
    for remains in home.root.glob("postgres.new-*"):
        # Its initdb was killed; what that had started may still write for a moment.
        processes.wait_until(functools.partial(_is_removed, remains), seconds=5)
    fresh = home.root / f"postgres.new-{os.getpid()}"
    password_file = fresh.with_name("initdb-password")
    try:
        fresh.mkdir(mode=0o700)
        password_file.touch(mode=0o600)
        password_file.write_text(home.secret("postgres-superuser"))
        identity.own(fresh)
        identity.own(password_file)
        _initdb(fresh, password_file, identity, log=home.log / "postgres.log")
        fresh.rename(home.postgres)
    except OSError as error:
        raise CannotStart(f"{home.postgres} cannot be made: {error.strerror}.") from error
    finally:
        password_file.unlink(missing_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)


def create_database(home: Home) -> None:
    """Create the login role and the database it owns, where they do not exist yet."""
    environment = {
        **scrubbed_environment(),
        "PGPASSWORD": home.secret("postgres-superuser"),
        "PGCLIENTENCODING": "UTF8",
    }
    options = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(home.socket_folder), "-p", "5432"]
    made = subprocess.run(  # noqa: S603
        [binary("psql"), *options, "-U", SUPERUSER, "-d", "postgres"],
        input=_CREATE_OWNER % home.secret("postgres-owner"),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise CannotStart(sentence_from_log(made.stderr, home.postgres))


def clear_remains(home: Home) -> None:
    """
    Clear what a killed server left: its orphans, and a pid file that would stop the next one.

    Only to be called while no server of this folder is wanted. An orphan still works on the
    shared memory, so that a new server would refuse to start beside it.
    """
    remains = processes.working_in(home.postgres)
    # They see the death of their parent and go by themselves; SIGQUIT is for one in a long query.
    processes.wait_until(lambda: not any(map(processes.is_alive, remains)), seconds=0.5)
    processes.end(remains, patience_seconds=1, ask=signal.SIGQUIT)
    pid = postmaster_pid_written(home)
    if pid and processes.is_alive(pid) and not is_postmaster(pid, home):
        # The number went to another program; PostgreSQL would take that for its predecessor.
        (home.postgres / "postmaster.pid").unlink(missing_ok=True)


def postmaster_pid_written(home: Home) -> int | None:
    """Return the process number in the server's pid file, None when there is none."""
    try:
        return int((home.postgres / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def is_postmaster(pid: int, home: Home) -> bool:
    """Return whether that process is a server of this data folder."""
    return str(home.postgres) in processes.command_line(pid)


def sentence_from_log(text: str, folder: Path) -> str:
    """Return what went wrong in one sentence, from what PostgreSQL wrote."""
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return f"The disk of {folder} is full: make room there, or move the data by MOORING_HOME."
    marks = ("FATAL:", "PANIC:", "ERROR:", "error:")
    told = [line for line in text.splitlines() if any(mark in line for mark in marks)]
    reason = (
        told[-1].rpartition(": ")[2] if told else (text.strip().splitlines() or ["no word"])[-1]
    )
    return f"The database in {folder} does not start: {reason.strip().rstrip('.')}."


def _is_removed(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _initdb(folder: Path, password_file: Path, identity: Identity, *, log: Path) -> None:
    command: list[str | Path] = [
        *(binary("initdb"), "--pgdata", folder, "--username", SUPERUSER),
        *("--auth=scram-sha-256", f"--pwfile={password_file}", "--data-checksums"),
        # The same order of text on every machine, whatever its C library thinks this year.
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
        *("--builtin-locale=C.UTF-8", "--no-instructions"),
    ]
    begins_at = logs.rotate(log)
    with log.open("a") as file:
        made = subprocess.run(  # noqa: S603
            entry_command(command, options=identity.options, die_signal=signal.SIGKILL),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=scrubbed_environment(),
            cwd="/",
            check=False,
        )
    if made.returncode != 0:
        raise CannotStart(sentence_from_log(logs.text_since(log, begins_at), folder.parent))
