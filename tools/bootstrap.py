#!/usr/bin/env python3
"""
Prepare the virtual environment `.venv`, then become a command in it.

    tools/bootstrap.py run -- mooring run

Needs nothing but Python 3.11 or newer. What is installed is pinned by hash in requirements/;
when nothing has changed since the last time, this takes milliseconds. The source stays where it
is: a path file in the environment points at it, so that nothing is built.
"""

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON_MIN = (3, 11)
PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
LOCALE = ROOT / "src" / "mooring" / "web" / "locale"
PURPOSES = ("run", "test")

COMMAND = """#!/bin/sh
exec "{python}" -m mooring.operations.cli "$@"
"""


class CannotPrepare(Exception):
    """The environment cannot be made; the message is one sentence that says what to do."""


def main():
    """Prepare what the purpose needs and become the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("purpose", choices=PURPOSES, help="which requirements are installed")
    parser.add_argument("command", nargs="*", metavar="-- command", help="what to run in it")
    arguments = parser.parse_args()
    # A terminal without Unicode shows a question mark for the tick, and no traceback.
    sys.stdout.reconfigure(errors="replace")
    try:
        use_a_fit_python()
        prepare(arguments.purpose)
    except CannotPrepare as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if arguments.command:
        os.environ["PATH"] = "{}{}{}".format(BIN, os.pathsep, os.environ.get("PATH", os.defpath))
        os.environ["VIRTUAL_ENV"] = str(VENV)
        os.environ.pop("PYTHONHOME", None)
        # Another project's modules must not stand before the pinned ones.
        os.environ.pop("PYTHONPATH", None)
        sys.stdout.flush()
        os.execvp(arguments.command[0], arguments.command)
    return 0


def use_a_fit_python():
    """Go on under a newer Python of this machine when this one is too old."""
    if sys.version_info >= PYTHON_MIN:
        return
    for name in PYTHONS:
        path = shutil.which(name)
        if path:
            os.execv(path, [path, *sys.argv])
    raise CannotPrepare(
        "Mooring needs Python {}.{} or newer, and this is {}.{}: install a newer one, or name it "
        "with `make PYTHON=/path/to/python3`.".format(*PYTHON_MIN, *sys.version_info[:2])
    )


def prepare(purpose):
    """Install what the purpose needs, unless that was done before; one process at a time."""
    stamp = VENV / ".prepared-for-{}".format(purpose)
    wanted = digest(purpose)
    if is_prepared(stamp, wanted):
        return
    with open(Path(__file__)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_prepared(stamp, wanted):
            return
        try:
            make_environment()
            install(purpose)
            link_source()
            compile_messages()
            stamp.write_text(wanted)
        except OSError as error:
            raise CannotPrepare("{} cannot be written: {}.".format(VENV, error.strerror))


def is_prepared(stamp, wanted):
    """Return whether that was done, and the Python it was done with is still there."""
    return stamp.is_file() and stamp.read_text() == wanted and (BIN / "python").exists()


def digest(purpose):
    """Return what the environment depends on: pins, place, Python, translations, this script."""
    whole = hashlib.sha256()
    files = [requirements("installer"), requirements(purpose), Path(__file__)]
    for path in [*files, *sorted(LOCALE.rglob("*.po"))]:
        whole.update(path.read_bytes())
    whole.update(os.fsencode(ROOT))
    return whole.hexdigest()


def requirements(name):
    """Return the file with those pins."""
    return ROOT / "requirements" / "{}.txt".format(name)


def make_environment():
    """Make the virtual environment, anew if the Python it was made with is gone."""
    if (BIN / "python").exists() and (BIN / "pip").exists():
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise CannotPrepare(
            "This Python lacks its venv module: install it, on Debian and Ubuntu with "
            "`apt-get install python{}.{}-venv`.".format(*sys.version_info[:2])
        )
    with step("Virtual environment"):
        run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def install(purpose):
    """Install the pins: uv by pip, and all else by uv, which is five times as fast."""
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pinned = ["--require-hashes", "-r"]
    with step("Installer"):
        run([*pip, *pinned, str(requirements("installer"))])
    with step("Packages to {}".format(purpose)):
        uv = [str(BIN / "uv"), "pip", "install", "--quiet", "--python", str(BIN / "python")]
        try:
            run([*uv, *pinned, str(requirements(purpose))], environment=uv_environment())
        except CannotPrepare:
            # Pip knows of mirrors and proxies in its own configuration that uv does not read.
            run([*pip, *pinned, str(requirements(purpose))])


def uv_environment():
    """Return the environment for uv, with what it spells otherwise than pip."""
    environment = dict(os.environ)
    for theirs, ours in (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), ("SSL_CERT_FILE", "PIP_CERT")):
        if ours in environment:
            environment.setdefault(theirs, environment[ours])
    # The cache may lie on another disk; without this, uv warns on each package.
    environment.setdefault("UV_LINK_MODE", "copy")
    return environment


def link_source():
    """Let the environment see src/, and put the command `mooring` into it."""
    query = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = run([str(BIN / "python"), "-I", "-c", query]).strip()
    (Path(folder) / "mooring-source.pth").write_text("{}\n".format(ROOT / "src"))
    command = BIN / "mooring"
    command.write_text(COMMAND.format(python=BIN / "python"))
    command.chmod(0o755)


def compile_messages():
    """Compile the translations, once there are any."""
    if LOCALE.is_dir() and (LOCALE.parent / "messages.py").exists():
        with step("Translations"):
            run([str(BIN / "python"), "-m", "mooring.web.messages", "compile"])


@contextlib.contextmanager
def step(title):
    """Show one line for what takes long."""
    began = time.monotonic()
    if sys.stdout.isatty():
        print("  … {}".format(title), end="\r", flush=True)
    yield
    print("  ✓ {:<44}{:6.1f} s".format(title, time.monotonic() - began), flush=True)


def run(command, environment=None):
    """Run a command without a question, and return what it printed."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        env=environment,
        check=False,
    )
    if done.returncode != 0:
        told = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        reasons = [line for line in told if "error" in line.lower()] or told or ["no word"]
        program = " ".join(Path(word).name for word in command[:3])
        raise CannotPrepare("{} failed: {}".format(program, reasons[0]))
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
