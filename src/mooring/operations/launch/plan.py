"""What `mooring run` runs: the steps before, the processes kept alive, the words at the end."""

import contextlib
import http.client
import importlib
import importlib.util
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mooring.operations.launch import database, environment, logs, preflight
from mooring.operations.launch.children import ChildSpec
from mooring.operations.launch.errors import CannotStart
from mooring.operations.launch.fingerprint import schema_fingerprint
from mooring.operations.launch.home import Home, home_from_environment
from mooring.operations.launch.privilege import entry_command

_HOST = "127.0.0.1"
# What people open: browsers make passkeys for a name only, and links in messages have this one.
_NAME = "localhost"
_PORT = "8000"
#: Processes of the web server: one works in Python at a time, and a flood of log-ins needs more.
WORKERS = min(2, os.cpu_count() or 1)
THREADS = 32
# With one connection per thread, more would outgrow the server's 120.
_THREADS_MAX = 96
_WORKERS_MAX = 64

# By `launch.schema`, when it has said on standard error why it refuses.
EXPLAINED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command that has to succeed before the processes are started."""

    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    #: Asked when its turn comes; a step that is not needed is not shown.
    is_needed: Callable[[], bool] = lambda: True
    #: Called when it has succeeded.
    done: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All a supervisor needs to know."""

    home: Home
    port: int
    has_embedded_database: bool
    steps: tuple[Step, ...]
    children: tuple[ChildSpec, ...]
    announcement: Callable[[], str]
    #: What links begin with: the commands of the same home write them as the server does.
    address: str = ""


def product_plan(home: Path | None = None) -> Plan:
    """
    Return the plan of the whole platform, as the environment variables shape it.

    Raises:
        CannotStart: a variable makes no sense, or the home cannot be written.
    """
    place = home_from_environment(home)
    port = preflight.port_from_text(os.environ.get("PORT") or _PORT)
    place.prepare()
    variables = {
        **environment.product_environment(place),
        "PORT": str(port),
        environment.MARK: str(place.root),
    }
    return Plan(
        home=place,
        port=port,
        has_embedded_database=not environment.is_database_external(),
        steps=_steps(place, variables),
        children=(_web(port, variables), _worker(variables)),
        announcement=lambda: _announcement(port, is_sandbox=_is_sandbox(variables)),
        address=variables["MOORING_SITE_URL"],
    )


def carry_out(step: Step, *, log: Path, is_cancelled: Callable[[], bool]) -> None:
    """
    Run a step's command to its end, its output going to a log.

    Raises:
        CannotStart: it failed; with its own sentence, or its last word.
    """
    begins_at = logs.rotate(log)
    with log.open("a") as file:
        process = subprocess.Popen(  # noqa: S603
            entry_command(step.command, die_signal=signal.SIGKILL),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=dict(step.environment),
            start_new_session=True,
        )
    while process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
        if is_cancelled():
            process.kill()
    if process.returncode == 0:
        step.done()
    elif not is_cancelled():
        word = logs.last_line(log, begins_at)
        told = word if process.returncode == EXPLAINED else f"{step.title} failed: {word} ({log})"
        raise CannotStart(f"{told.rstrip('.')}.")


def _steps(home: Home, variables: Mapping[str, str]) -> tuple[Step, ...]:
    # As the role that logs in, which owns the tables; the application's role owns nothing.
    as_owner = {**variables, "MOORING_DATABASE_ROLE": ""}
    url = variables["DATABASE_URL"]

    def schema_done() -> database.Remembered:
        return database.Remembered(home, url, f"schema-{schema_fingerprint(home, url)}")

    schema = Step(
        title="Tables and pages are up to date",
        command=environment.python("-m", "mooring.operations.launch.schema"),
        environment=as_owner,
        is_needed=lambda: not schema_done().is_done(),
        done=lambda: schema_done().note(),
    )
    if not (_is_sandbox(variables) and _exists("mooring.operations.demo")):
        return (schema,)
    remembered = database.Remembered(home, url, "demo")
    demo = Step(
        title="Demo data is there",
        command=environment.python("-m", "mooring.operations.cli", "demo"),
        environment=variables,
        is_needed=lambda: not remembered.is_done(),
        done=remembered.note,
    )
    return (schema, demo)


def _web(port: int, variables: Mapping[str, str]) -> ChildSpec:
    workers = environment.count_from_environment(
        "MOORING_WEB_WORKERS", WORKERS, maximum=_WORKERS_MAX
    )
    threads = environment.count_from_environment(
        "MOORING_WEB_THREADS", THREADS, maximum=_THREADS_MAX
    )
    options = [
        *("--interface", "wsgi", "--host", _HOST, "--port", str(port), "--no-ws"),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        # A thread keeps its database connection; let neither go after half a minute.
        *("--blocking-threads-idle-timeout", "600"),
        "--respawn-failed-workers",
        *("--workers-kill-timeout", "5", "--log-level", "warning"),
    ]
    return ChildSpec(
        name="web",
        title="The web server",
        command=environment.python("-m", "granian", *options, "mooring.settings.wsgi:application"),
        environment=variables,
        is_ready=lambda: _page_is_served(port),
    )


def _worker(variables: Mapping[str, str]) -> ChildSpec:
    return ChildSpec(
        name="worker",
        title="The worker",
        command=environment.python("-m", "mooring.operations.cli", "work"),
        environment=variables,
    )


def _page_is_served(port: int) -> bool:
    connection = http.client.HTTPConnection(_HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _announcement(port: int, *, is_sandbox: bool) -> str:
    lines = [f"  Mooring is at   http://{_NAME}:{port}"]
    if is_sandbox and _exists("mooring.operations.demo"):
        # Importable without Django, as the whole launcher is.
        demo = importlib.import_module("mooring.operations.demo")
        lines.append(f"  Log in as       {demo.DEMO_EMAIL}  with  {demo.DEMO_PASSWORD}")
        lines.append(f"  Codes are at    http://{_NAME}:{port}/sandbox/outbox")
    return "\n".join(["", *lines, "  Stop with       Ctrl-C", ""])


def _is_sandbox(variables: Mapping[str, str]) -> bool:
    return variables.get("MOORING_SANDBOX", "").lower() in {"1", "true", "yes", "on", "t", "y"}


def _exists(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
