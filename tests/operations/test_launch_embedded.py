"""The embedded PostgreSQL is private, durable, one per folder, and leaves nothing behind."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mooring.operations.launch import cluster, embedded, processes, tuning
from mooring.operations.launch.home import Home
from mooring.operations.launch.privilege import entry_command

NOBODY = "65534"
IS_ROOT = os.geteuid() == 0

START_AND_SHOW = """
import os, sys
from pathlib import Path
from mooring.operations.launch import embedded
server = embedded.start(Path(sys.argv[1]))
print(os.geteuid(), server.is_owned, server.pid, server.url, flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture(autouse=True)
def _leave_no_data_folders(tmp_path: Path) -> Iterator[None]:
    """Remove the 50 MiB of each test at once; pytest would keep those of three runs."""
    yield
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[embedded.Server]:
    running = embedded.start(tmp_path / "home")
    yield running
    running.stop()


def ask(url: str, query: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])


def starter(home: Path, *options: str) -> "subprocess.Popen[str]":
    """Start a server in another process, which holds it until its standard input ends."""
    command = entry_command([sys.executable, "-c", START_AND_SHOW, str(home)], options=options)
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server_version_num", "180004"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("wal_compression", "pglz"),
        ("listen_addresses", ""),
        ("password_encryption", "scram-sha-256"),
        ("max_wal_size", "4GB"),
        ("checkpoint_timeout", "15min"),
        ("max_connections", "120"),
        ("jit", "off"),
        ("TimeZone", "UTC"),
    ],
)
def test_the_server_is_set_as_promised(shared: embedded.Server, setting: str, value: str) -> None:
    assert ask(shared.url, f"SELECT current_setting('{setting}')") == value


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Server]:
    running = embedded.start(tmp_path_factory.mktemp("shared"))
    yield running
    running.stop()


def test_text_sorts_alike_on_every_machine(shared: embedded.Server) -> None:
    query = "SELECT format('%s %s', datlocprovider, datlocale) FROM pg_database LIMIT 1"
    assert ask(shared.url, query) == "b C.UTF-8"


def test_the_login_role_owns_its_database_and_nothing_more(shared: embedded.Server) -> None:
    query = """
        SELECT format('%s %s %s %s', pg_get_userbyid(datdba), rolsuper, rolcreaterole, rolcreatedb)
        FROM pg_database, pg_roles WHERE datname = 'mooring' AND rolname = current_user
    """
    assert ask(shared.url, query) == "mooring f t t"


def test_memory_is_shared_within_bounds() -> None:
    gibibyte = 1024**3
    assert tuning.shared_buffers(memory=gibibyte // 8) == gibibyte // 8
    assert tuning.shared_buffers(memory=4 * gibibyte) == gibibyte
    assert tuning.shared_buffers(memory=64 * gibibyte) == 2 * gibibyte


def test_nobody_comes_in_without_the_password(shared: embedded.Server) -> None:
    password = shared.home.secret("postgres-owner")
    for wrong in (shared.url.replace(password, "guessed"), shared.url.replace(f":{password}", "")):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(wrong)


def test_passwords_are_readable_by_the_owner_alone(shared: embedded.Server) -> None:
    for path in shared.home.secrets.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(shared.home.secrets.stat().st_mode) == 0o700


def test_eight_processes_that_race_for_a_cold_folder_share_one_server(tmp_path: Path) -> None:
    racers = [starter(tmp_path / "home") for _ in range(8)]
    shown = [racer.stdout.readline().split() for racer in racers if racer.stdout]
    try:
        assert len({pid for _, _, pid, _ in shown}) == 1
        assert [is_owned for _, is_owned, _, _ in shown].count("True") == 1
        for _, _, _, url in shown:
            assert ask(url, "SELECT 1") == "1"
    finally:
        # The one that started it last: the others only joined.
        order = sorted(zip(shown, racers, strict=True), key=lambda pair: pair[0][1] == "True")
        codes = [racer.communicate() and racer.returncode for _, racer in order]
    assert codes == [0] * 8
    assert not processes.is_alive(int(shown[0][2]))


def test_two_folders_have_two_servers_that_know_nothing_of_each_other(tmp_path: Path) -> None:
    here = embedded.start(tmp_path / "here")
    there = embedded.start(tmp_path / "there")
    with psycopg.connect(here.url) as connection:
        connection.execute("CREATE TABLE mine ()")
    assert ask(there.url, "SELECT to_regclass('mine') IS NULL") == "True"
    here.stop()
    assert ask(there.url, "SELECT 1") == "1"
    there.stop()


def test_what_was_committed_is_there_after_stop_and_start(tmp_path: Path) -> None:
    for expected in range(3):
        server = embedded.start(tmp_path)
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (n INT)")
            connection.execute("INSERT INTO kept VALUES (1)")
        assert ask(server.url, "SELECT count(*) FROM kept") == str(expected + 1)
        server.stop()


def test_stopping_leaves_no_process_and_no_socket(tmp_path: Path) -> None:
    server = embedded.start(tmp_path)
    server.stop()
    assert processes.working_in(tmp_path / "postgres") == []
    assert list(server.home.socket_folder.iterdir()) == []


def test_a_folder_with_a_long_name_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    home = tmp_path / ("long-" * 20) / "and, odd \"name'"
    server = embedded.start(home)
    try:
        assert ask(server.url, "SELECT 1") == "1"
        assert len(str(server.home.socket_folder)) < 90
        assert not server.home.socket_folder.is_relative_to(home)
    finally:
        server.stop()


def test_another_server_of_the_machine_leaks_in_by_no_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = {
        "PGHOST": "/nowhere",
        "PGPORT": "1",
        "PGDATA": "/nowhere",
        "PGUSER": "mallory",
        "PGDATABASE": "elsewhere",
        "PGOPTIONS": "-c fsync=nonsense",
        "PGSERVICE": "elsewhere",
        "PGSSLMODE": "verify-full",
    }
    for name, value in foreign.items():
        monkeypatch.setenv(name, value)
    server = embedded.start(tmp_path)
    server.stop()
    assert set(foreign).isdisjoint(cluster.scrubbed_environment())


def test_the_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    owner = starter(tmp_path)
    assert owner.stdout
    pid = int(owner.stdout.readline().split()[2])
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    assert processes.wait_until(lambda: not processes.is_alive(pid), seconds=10)
    assert processes.wait_until(
        lambda: processes.working_in(tmp_path / "postgres") == [], seconds=10
    )


def test_a_server_killed_with_its_pid_file_left_is_back_within_five_seconds(
    server: embedded.Server,
) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept (n INT)")
    os.kill(server.pid, signal.SIGKILL)
    began = time.monotonic()
    processes.wait_until(lambda: not server.is_alive(), seconds=5)
    again = embedded.start(server.home.root)
    try:
        assert time.monotonic() - began < 5
        assert ask(again.url, "SELECT count(*) FROM kept") == "0"
    finally:
        again.stop()


def test_a_pid_file_whose_number_belongs_to_another_program_stops_nothing(tmp_path: Path) -> None:
    embedded.start(tmp_path).stop()
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n/nowhere\n0\n5432\n")
    server = embedded.start(tmp_path)
    try:
        assert server.is_owned
        assert ask(server.url, "SELECT 1") == "1"
    finally:
        server.stop()


def test_half_a_data_folder_is_never_found(tmp_path: Path) -> None:
    racer = starter(tmp_path)
    processes.wait_until(lambda: any(tmp_path.glob("postgres.new-*/base")), seconds=10)
    racer.send_signal(signal.SIGKILL)
    racer.communicate()
    server = embedded.start(tmp_path)
    try:
        assert ask(server.url, "SELECT 1") == "1"
        assert list(tmp_path.glob("postgres.new-*")) == []
    finally:
        server.stop()


def test_a_throwaway_server_leaves_nothing() -> None:
    with embedded.throwaway() as server:
        assert ask(server.url, "SELECT current_setting('fsync')") == "off"
    assert not server.home.root.exists()
    assert not server.is_alive()


def test_a_benchmark_gets_a_durable_throwaway_server(tmp_path: Path) -> None:
    with embedded.throwaway(durable=True, parent=tmp_path) as server:
        assert ask(server.url, "SELECT current_setting('fsync')") == "on"
        assert server.home.root.parent == tmp_path


# As root, every way of not being root; else the one user there is.
IDENTITIES = (
    [
        ("root, in a user namespace", ()),
        ("an ordinary user", ("--as-user", NOBODY, NOBODY, "--keep-access")),
    ]
    if IS_ROOT
    else [("an ordinary user", ())]
)


@pytest.mark.parametrize(("case", "options"), IDENTITIES)
def test_it_starts_as(case: str, options: tuple[str, ...], tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    if options:
        os.chown(closed, int(NOBODY), int(NOBODY))
    process = starter(closed / "home", *options)
    assert process.stdout
    euid, is_owned, _, url = process.stdout.readline().split()
    try:
        assert is_owned == "True", case
        assert euid == (NOBODY if options else str(os.geteuid())), case
        assert ask(url, "SELECT 1") == "1", case
    finally:
        process.communicate()


def test_root_without_namespaces_becomes_another_user_even_below_a_closed_folder(
    tmp_path: Path,
) -> None:
    """As in most containers; run by everybody, since an ordinary user has nothing to become."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    forbid = (
        "from mooring.operations.launch import privilege\n"
        "works = privilege._works\n"
        "privilege._works = lambda options: 'namespace' not in options[0] and works(options)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", forbid + START_AND_SHOW, str(closed / "home")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    _, is_owned, pid, url = process.stdout.readline().split()
    try:
        assert is_owned == "True"
        assert ask(url, "SELECT 1") == "1"
        owner = int(NOBODY) if IS_ROOT else os.geteuid()
        assert Path(f"/proc/{pid}").stat().st_uid in (owner, 0)
        assert (closed / "home" / "postgres").stat().st_uid == owner
    finally:
        process.communicate()


def test_data_made_as_another_user_is_taken_over(tmp_path: Path) -> None:
    embedded.start(tmp_path).stop()
    if IS_ROOT:
        Home(tmp_path).postgres.chmod(0o700)
        for path in (Home(tmp_path).postgres, *Home(tmp_path).postgres.rglob("*")):
            os.lchown(path, int(NOBODY), int(NOBODY))
    server = embedded.start(tmp_path)
    server.stop()
    assert {path.lstat().st_uid for path in server.home.postgres.rglob("*")} == {os.geteuid()}
