"""Whatever is killed comes back, what was acknowledged is there, and nothing outlives a stop."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from mooring.operations.launch import cluster, embedded, environment, processes
from mooring.operations.launch.home import Home

pytestmark = pytest.mark.faults

STAND_IN = Path(__file__).with_name("launch_stand_in.py")
BACK_SECONDS_MAX = 5


class Run:
    """One supervisor in a process of its own, and what can be seen of it from outside."""

    def __init__(self, root: Path, *words: str) -> None:
        self.home = Home(root)
        self.port = _free_port()
        self.output = ""
        self.process = subprocess.Popen(
            [sys.executable, str(STAND_IN), str(root), str(self.port), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.listener = threading.Thread(target=self._listen)
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self.output += line

    def wait_until_up(self) -> "Run":
        self.wait_for("All is up")
        return self

    def wait_for(self, text: str, *, times: int = 1) -> None:
        seen = lambda: self.output.count(text) >= times  # noqa: E731
        assert processes.wait_until(seen, seconds=20), self.output

    @property
    def supervisor(self) -> int:
        """The process that the guard (the one started here) keeps alive."""
        return next(pid for pid in _children_of(self.process.pid))

    @property
    def postmaster(self) -> int | None:
        return cluster.postmaster_pid_written(self.home)

    def supervised(self, name: str) -> list[int]:
        """Return the running processes whose command line holds that word."""
        found = processes.marked_with(environment.MARK, str(self.home.root))
        return [pid for pid in found if any(name in word for word in processes.command_line(pid))]

    def everything(self) -> list[int]:
        marked = processes.marked_with(environment.MARK, str(self.home.root))
        return [*marked, *processes.working_in(self.home.postgres)]

    def ask_to_stop(self, number: signal.Signals, *, whole_group: bool = False) -> int:
        if whole_group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        return self.process.wait(20)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def start_one(*words: str, folder: str = "home") -> Run:
        runs.append(Run(tmp_path / folder, *words))
        return runs[-1]

    yield start_one
    for run in runs:
        run.process.kill()
        run.process.wait()
    for run in runs:
        assert processes.wait_until(lambda run=run: run.everything() == [], seconds=10)
        run.listener.join()
    shutil.rmtree(tmp_path, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _children_of(parent: int) -> list[int]:
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(word) for word in text.split()]


def _page_is_served(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _write_until(stop: threading.Event, url: str, acknowledged: list[int]) -> None:
    """Write number after number, and note each one whose commit was answered."""
    number = 0
    while not stop.is_set():
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                while not stop.is_set():
                    number += 1
                    connection.execute("INSERT INTO acknowledged VALUES (%s)", [number])
                    acknowledged.append(number)
        except psycopg.OperationalError:
            time.sleep(0.02)


def _a_backend_of(run: Run) -> int:
    assert run.postmaster
    return next(
        pid
        for pid in _children_of(run.postmaster)
        if any("mooring mooring" in word for word in processes.command_line(pid))
    )


@pytest.mark.parametrize(
    ("case", "victim"),
    [
        ("the main process", lambda run: run.postmaster),
        ("a backend", _a_backend_of),
        ("any other child", lambda run: _children_of(run.postmaster)[0]),
    ],
)
def test_postgresql_killed_under_writes_is_back_and_lost_nothing(
    start: Callable[..., Run], case: str, victim: Callable[[Run], int]
) -> None:
    run = start().wait_until_up()
    url = embedded.database_url(run.home.root)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE acknowledged (number INT PRIMARY KEY)")
    stop, acknowledged = threading.Event(), list[int]()
    writer = threading.Thread(target=_write_until, args=(stop, url, acknowledged))
    writer.start()
    try:
        for _ in range(3):
            time.sleep(0.5)
            os.kill(victim(run), signal.SIGKILL)
            # What the orphans of the killed one still answered does not show that it is back.
            time.sleep(0.2)
            before = len(acknowledged)
            back = lambda before=before: len(acknowledged) > before + 5  # noqa: E731
            assert processes.wait_until(back, seconds=BACK_SECONDS_MAX), (case, run.output)
            assert processes.wait_until(lambda: _can_connect(url), seconds=BACK_SECONDS_MAX)
    finally:
        stop.set()
        writer.join()
    with psycopg.connect(url) as connection:
        present = {number for (number,) in connection.execute("SELECT * FROM acknowledged")}
    assert set(acknowledged) <= present, case


@pytest.mark.parametrize("name", ["HTTPServer", "sleep"])
def test_a_killed_process_is_back(start: Callable[..., Run], name: str) -> None:
    run = start().wait_until_up()
    before = set(run.supervised(name))
    assert before
    os.kill(max(before), signal.SIGKILL)

    def is_back() -> bool:
        now = set(run.supervised(name))
        return len(now) == len(before) and max(before) not in now and _page_is_served(run.port)

    assert processes.wait_until(is_back, seconds=BACK_SECONDS_MAX), run.output


def test_all_killed_at_once_are_back(start: Callable[..., Run]) -> None:
    run = start().wait_until_up()
    before = run.everything()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    url = embedded.database_url(run.home.root)

    def is_back() -> bool:
        return (
            not set(before) & set(run.everything())
            and _page_is_served(run.port)
            and bool(run.supervised("sleep"))
            and _can_connect(url)
        )

    assert processes.wait_until(is_back, seconds=BACK_SECONDS_MAX), run.output


def _can_connect(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_killed_supervisor_is_back_with_all_it_keeps_alive(start: Callable[..., Run]) -> None:
    run = start().wait_until_up()
    before = {run.supervisor, *run.everything()}
    os.kill(run.supervisor, signal.SIGKILL)
    run.wait_for("All is up", times=2)
    assert "The supervisor was killed; it is started again." in run.output
    assert _page_is_served(run.port)
    assert not before & set(run.everything())
    assert run.ask_to_stop(signal.SIGTERM) == 0


def test_when_the_first_process_is_killed_nothing_stays(start: Callable[..., Run]) -> None:
    run = start().wait_until_up()
    run.process.kill()
    assert processes.wait_until(lambda: run.everything() == [], seconds=10)


def test_what_a_killed_run_left_is_ended_by_the_next(start: Callable[..., Run]) -> None:
    first = start().wait_until_up()
    # Stopped processes hear no signal but SIGKILL: these would stay, with their port.
    left = first.supervised("HTTPServer")
    for pid in left:
        os.kill(pid, signal.SIGSTOP)
    for pid in (first.process.pid, first.supervisor):
        os.kill(pid, signal.SIGSTOP)
    for pid in (first.supervisor, first.process.pid):
        os.kill(pid, signal.SIGKILL)
    start().wait_until_up()
    assert not any(map(processes.is_alive, left))


@pytest.mark.parametrize(
    ("case", "number", "whole_group"),
    [
        ("Ctrl-C in a terminal", signal.SIGINT, True),
        ("an interrupt", signal.SIGINT, False),
        ("a polite request", signal.SIGTERM, False),
        ("the terminal is closed", signal.SIGHUP, True),
    ],
)
def test_a_stop_leaves_no_process(
    start: Callable[..., Run], case: str, number: signal.Signals, *, whole_group: bool
) -> None:
    run = start().wait_until_up()
    assert run.everything()
    assert run.ask_to_stop(number, whole_group=whole_group) == 0, (case, run.output)
    assert run.everything() == [], case
    assert "Stopped." in run.output


def test_a_stop_in_the_middle_of_the_start_leaves_no_process(start: Callable[..., Run]) -> None:
    run = start()
    processes.wait_until(lambda: run.everything() != [], seconds=10)
    assert run.ask_to_stop(signal.SIGINT) == 0
    assert run.everything() == []


GOODBYE = """
import signal, sys, time
from pathlib import Path
import psycopg
from mooring.operations.launch import embedded

def end(*_):
    time.sleep(0.5)
    with psycopg.connect(embedded.database_url(Path("{home}"))) as connection:
        connection.execute("CREATE TABLE said_goodbye ()")
    sys.exit(0)

signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
while True:
    time.sleep(1)
"""


def test_the_database_outlives_those_who_use_it(start: Callable[..., Run], tmp_path: Path) -> None:
    """Web and worker are stopped first: what they do at their end finds the database there."""
    home = Home(tmp_path / "home")
    run = start("worker=" + GOODBYE.replace("{home}", str(home.root))).wait_until_up()
    processes.wait_until(lambda: "ready" in (home.log / "worker.log").read_text(), seconds=10)
    assert run.ask_to_stop(signal.SIGTERM) == 0
    server = embedded.start(home.root)
    try:
        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT to_regclass('said_goodbye') IS NOT NULL").fetchone()
        assert row == (True,)
    finally:
        server.stop()


def test_one_that_keeps_failing_is_tried_ever_more_slowly(
    start: Callable[..., Run], tmp_path: Path
) -> None:
    # It works at first, so that the run as a whole is a success; then it fails at once.
    code = (
        "import pathlib, sys, time\n"
        f"flag = pathlib.Path({str(tmp_path / 'flag')!r})\n"
        "if flag.exists(): sys.exit('the flag is there')\n"
        "flag.touch(); time.sleep(2.5)\n"
    )
    run = start(f"worker={code}").wait_until_up()
    run.wait_for("the flag is there", times=3)
    assert "started again in 0.5 s" in run.output
    assert "started again in 1 s" in run.output
    assert run.ask_to_stop(signal.SIGTERM) == 0


def test_one_that_never_works_ends_the_start_with_its_last_word(
    start: Callable[..., Run],
) -> None:
    run = start("worker=import sys; sys.exit('no such module')", "web=import time; time.sleep(99)")
    run.wait_for("no such module")
    assert run.process.wait(20) == 1
    assert run.everything() == []
    assert "Traceback" not in run.output


def test_a_data_folder_that_vanished_is_asked_for_and_not_made_anew(
    start: Callable[..., Run],
) -> None:
    run = start().wait_until_up()
    hidden = run.home.postgres.rename(run.home.root / "hidden")
    os.kill(int((hidden / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    run.wait_for("has gone: put it back")
    assert not run.home.postgres.exists()
    hidden.rename(run.home.postgres)
    url = embedded.database_url(run.home.root)
    assert processes.wait_until(lambda: _can_connect(url), seconds=10), run.output


def test_two_runs_in_two_folders_do_not_disturb_each_other(start: Callable[..., Run]) -> None:
    here = start(folder="here").wait_until_up()
    there = start(folder="there").wait_until_up()
    kept = there.everything()
    assert here.ask_to_stop(signal.SIGINT) == 0
    assert _page_is_served(there.port)
    assert sorted(there.everything()) == sorted(kept)
    assert there.ask_to_stop(signal.SIGINT) == 0
