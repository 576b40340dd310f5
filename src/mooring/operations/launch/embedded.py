"""
A private PostgreSQL server in a folder, reachable through a Unix socket in that folder alone.

Whoever starts it owns it: it ends with that process, however that ends. Others who ask for a
server of the same folder join the one that runs. See decision 0002.
"""

import contextlib
import fcntl
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from mooring.operations.launch import cluster, logs, preflight, processes
from mooring.operations.launch.binaries import binary
from mooring.operations.launch.errors import CannotStart
from mooring.operations.launch.home import Home, home_from_environment
from mooring.operations.launch.privilege import Identity, database_identity, entry_command
from mooring.operations.launch.tuning import NOT_DURABLE, as_options, server_settings

# After a crash under load the server replays its log before it answers.
_START_SECONDS_MAX = 120
_STOP_SECONDS_MAX = 30


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: `url` connects as the role that owns the database."""

    home: Home
    url: str
    pid: int
    # None when another process started it and this one joined.
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def is_owned(self) -> bool:
        """Return whether this process started it, and so is the one to stop it."""
        return self._process is not None

    def is_alive(self) -> bool:
        """Return whether its main process runs; it may be recovering and not answer yet."""
        if self._process is not None:
            return self._process.poll() is None
        return processes.is_alive(self.pid)

    def stop(self) -> None:
        """Stop it if this process started it: clients are cut off, what was committed stays."""
        if self._process is None or self._process.poll() is not None:
            return
        for ask in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self._process.send_signal(ask)
            try:
                self._process.wait(_STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                continue
            return


def start(
    home: Path | None = None,
    *,
    settings: Mapping[str, str] | None = None,
    may_create: bool = True,
) -> Server:
    """
    Start the server of this folder, made anew if there is none yet, or join the one that runs.

    Call it from a thread that lives as long as the server shall: the server ends with it.

    Args:
        home: the installation's folder; None for MOORING_HOME, else `./var`.
        settings: server settings over those of `tuning`; they hold only if this call starts it.
        may_create: whether a missing data folder is made anew. False where there was one: an
            empty book in the place of a vanished one would be taken for the truth.

    Raises:
        CannotStart: with the reason in one sentence (version, rights, full disk, root).
    """
    place = home_from_environment(home)
    if not may_create and not (place.postgres / "PG_VERSION").exists():
        raise CannotStart(f"The data folder {place.postgres} has gone: put it back where it was.")
    place.prepare()
    with _only_one_at_a_time(place):
        joined = _join(place)
        if joined is not None:
            return joined
        return _start(place, settings or {})


def database_url(home: Path | None = None) -> str:
    """Return the address of this folder's database, whether or not its server runs now."""
    place = home_from_environment(home)
    password = place.secret("postgres-owner")
    socket = quote(str(place.socket_folder), safe="")
    return f"postgres://{cluster.OWNER}:{password}@{socket}:5432/{cluster.DATABASE}"


@contextlib.contextmanager
def throwaway(
    *,
    durable: bool = False,
    settings: Mapping[str, str] | None = None,
    parent: Path | None = None,
) -> Iterator[Server]:
    """
    Give a fresh server in a temporary folder, and leave nothing of it behind.

    Args:
        durable: write as safely as the real one; what tests do not need and benchmarks must.
        parent: where the folder is made, for a benchmark that wants a certain disk.
    """
    folder = Path(tempfile.mkdtemp(prefix="mooring-", dir=parent))
    try:
        server = start(folder, settings={**({} if durable else NOT_DURABLE), **(settings or {})})
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(Home(folder.resolve()).socket_folder, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _only_one_at_a_time(home: Home) -> Iterator[None]:
    with (home.root / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _join(home: Home) -> Server | None:
    """Return the running server, None if there is none, after one that is stopping has gone."""
    pid = cluster.postmaster_pid_written(home)
    if pid is None or not _runs(pid, home):
        return None
    processes.wait_until(lambda: not _runs(pid, home) or _answers(home), seconds=_START_SECONDS_MAX)
    return Server(home, database_url(home.root), pid) if _runs(pid, home) else None


def _start(home: Home, settings: Mapping[str, str]) -> Server:
    preflight.check_disk(home.root)
    cluster.refuse_other_version(home)
    identity = database_identity(paths=[binary("postgres"), home.root])
    cluster.create_if_absent(home, identity)
    identity.own(home.postgres)
    identity.own(home.socket_folder)
    cluster.clear_remains(home)
    log_begins_at = logs.rotate(_log(home))
    process = _spawn(home, identity, settings)
    try:
        _wait_until_it_answers(home, process, log_begins_at)
        cluster.create_database(home)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return Server(home, database_url(home.root), process.pid, process)


def _spawn(
    home: Home, identity: Identity, settings: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    chosen = {**server_settings(socket_folder=home.socket_folder), **settings}
    command: list[str | Path] = [binary("postgres"), "-D", home.postgres, *as_options(chosen)]
    # Into a file, never into a pipe: whoever reads the pipe may die, and the server with it.
    with _log(home).open("a") as log:
        return subprocess.Popen(  # noqa: S603
            entry_command(command, options=identity.options, die_signal=signal.SIGINT),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=cluster.scrubbed_environment(),
            cwd="/",
            # Ctrl-C in the terminal goes to the supervisor, which stops things in order.
            start_new_session=True,
        )


def _wait_until_it_answers(
    home: Home, process: "subprocess.Popen[bytes]", log_begins_at: int
) -> None:
    processes.wait_until(
        lambda: process.poll() is not None or _answers(home), seconds=_START_SECONDS_MAX
    )
    if process.poll() is not None:
        told = logs.text_since(_log(home), log_begins_at)
        raise CannotStart(cluster.sentence_from_log(told, home.postgres))
    if not _answers(home):
        raise CannotStart(
            f"The database in {home.postgres} does not answer after {_START_SECONDS_MAX} seconds: "
            f"{_log(home)} says why."
        )


def _answers(home: Home) -> bool:
    asked = subprocess.run(  # noqa: S603
        [binary("pg_isready"), "-q", "-t", "2", "-h", home.socket_folder, "-p", "5432"],
        env=cluster.scrubbed_environment(),
        check=False,
    )
    return asked.returncode == 0


def _runs(pid: int, home: Home) -> bool:
    return processes.is_alive(pid) and cluster.is_postmaster(pid, home)


def _log(home: Home) -> Path:
    return home.log / "postgres.log"
