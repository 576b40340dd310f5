"""What cannot start says why in one sentence, with an exit code, and never with a traceback."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.db import connection

from mooring.operations.launch import embedded, preflight, processes, schema
from mooring.operations.launch.errors import CannotStart

STAND_IN = Path(__file__).parents[1] / "faults" / "launch_stand_in.py"
FULL_DISK_KIBIBYTES = 24 * 1024
PASSWORD = "correct-horse"


@pytest.fixture(autouse=True)
def _leave_no_data_folders(tmp_path: Path) -> Iterator[None]:
    """Remove the 50 MiB of each test at once; pytest would keep those of three runs."""
    yield
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def launch(home: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m mooring.operations.launch` until it gives up."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "MOORING_HOME": str(home),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-m", "mooring.operations.launch"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_one_sentence(ended: "subprocess.CompletedProcess[str]", *words: str) -> None:
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.endswith(".\n")
    assert "Traceback" not in ended.stdout + ended.stderr
    for word in words:
        assert word in ended.stderr


def test_a_used_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert_one_sentence(launch(tmp_path, PORT=port), f"Port {port} is used", "PORT=")
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1", "８０００", "80.0", "9" * 400])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    with pytest.raises(CannotStart, match="PORT is"):
        preflight.port_from_text(port)
    assert_one_sentence(launch(tmp_path, PORT=port), "a port is a number")


@pytest.mark.parametrize(
    ("version", "words"),
    [("19", "newer than the 18"), ("17", "older than the 18")],
)
def test_data_of_another_postgresql(
    tmp_path: Path, free_port: int, version: str, words: str
) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text(f"{version}\n")
    assert_one_sentence(launch(tmp_path, PORT=str(free_port)), words, str(tmp_path))
    assert [path.name for path in (tmp_path / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_data_folder_that_vanished_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="has gone"):
        embedded.start(tmp_path / "home", may_create=False)
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    # Below a file nobody may make a folder, root neither.
    (tmp_path / "file").touch()
    ended = launch(tmp_path / "file" / "home")
    assert_one_sentence(ended, "cannot be written", "MOORING_HOME", str(tmp_path / "file"))


def test_a_disk_with_too_little_room(tmp_path: Path) -> None:
    preflight.check_disk(tmp_path, free_bytes=preflight.FREE_BYTES_MIN)
    with pytest.raises(CannotStart, match=r"^The disk of .* is full \(255 MiB free, 256 MiB"):
        preflight.check_disk(tmp_path, free_bytes=preflight.FREE_BYTES_MIN - 1)


@pytest.fixture
def no_check_of_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the disk fills up between the check and the work."""
    monkeypatch.setattr(preflight, "FREE_BYTES_MIN", 0)


@pytest.mark.usefixtures("no_check_of_room")
def test_a_disk_that_is_full_while_the_database_is_made(tmp_path: Path) -> None:
    with limited_room(tmp_path), pytest.raises(CannotStart, match=r"^The disk of .* is full"):
        embedded.start(tmp_path / "small" / "home")


def limited_room(folder: Path) -> AbstractContextManager[object]:
    """Give `folder/small` 24 MiB: by a small file system, or else by a limit on file sizes."""
    small = folder / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={FULL_DISK_KIBIBYTES}k", "none", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        return _Unmounted(small)
    return _FilesCutOff()


class _Unmounted:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "--lazy", str(self._path)], check=True)


class _FilesCutOff:
    """Put an `initdb` first that finds the disk full, for users who may not mount one."""

    def __enter__(self) -> None:
        self._patch = pytest.MonkeyPatch()
        full = "import sys; sys.exit('initdb: error: write failed: No space left on device')"
        self._patch.setattr(
            "mooring.operations.launch.cluster.entry_command",
            lambda *_, **__: [sys.executable, "-c", full],
        )

    def __exit__(self, *_: object) -> None:
        self._patch.undo()


@pytest.mark.parametrize(
    ("case", "url", "words"),
    [
        ("another product", "mysql://alice@127.0.0.1/mooring", "postgres://"),
        ("nobody there", f"postgres://alice:{PASSWORD}@127.0.0.1:1/mooring", "cannot be reached"),
        ("no such socket", "postgres://alice@%2Fnowhere/mooring", "cannot be reached"),
        ("nonsense", f"postgres://alice:{PASSWORD}@[", "cannot be reached"),
    ],
)
def test_a_database_url_without_a_database(
    tmp_path: Path, free_port: int, case: str, url: str, words: str
) -> None:
    ended = launch(tmp_path, DATABASE_URL=url, PORT=str(free_port))
    assert_one_sentence(ended, "DATABASE_URL", words)
    assert PASSWORD not in ended.stdout + ended.stderr, case


@pytest.mark.parametrize("name", ["MOORING_WEB_THREADS", "MOORING_WEB_WORKERS"])
def test_a_number_that_is_none(tmp_path: Path, name: str) -> None:
    assert_one_sentence(launch(tmp_path, **{name: "many"}), name, "'many'")


@pytest.mark.django_db
def test_tables_of_a_newer_mooring_are_seen(
    owner: Callable[[], AbstractContextManager[None]],
) -> None:
    assert schema.unknown_migrations() == []
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('earn', '9999_of_next_year', '2027-01-01T00:00:00Z'), "
            "('derivatives', '0001_initial', '2027-01-01T00:00:00Z')"
        )
    assert schema.unknown_migrations() == ["derivatives.0001_initial", "earn.9999_of_next_year"]


def test_a_second_one_in_the_same_folder(tmp_path: Path, free_port: int) -> None:
    first = subprocess.Popen(
        [sys.executable, str(STAND_IN), str(tmp_path), str(free_port)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout
    try:
        assert any("All is up" in line for line in first.stdout)
        ended = launch(tmp_path, PORT=str(free_port))
        assert_one_sentence(ended, "runs already", f"http://localhost:{free_port}", "MOORING_HOME")
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate()
    assert processes.working_in(tmp_path / "postgres") == []
