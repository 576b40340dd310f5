"""The whole platform as `make run` starts it, in a folder that is thrown away."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psycopg

from mooring.operations.launch import cluster, embedded, environment, processes
from mooring.operations.launch.home import Home

LOAD = Path(__file__).with_name("earn_load.py")
PASSWORD = "calm harbour 2026"
_READY_SECONDS_MAX = 120


class Platform:
    """Database, web server, worker and their supervisor, seen from outside."""

    def __init__(self, port):
        self.root = Path(tempfile.mkdtemp(prefix="mooring-kill-"))
        self.home = Home(self.root.resolve())
        self.port = port
        self.output = ""
        named = {"MOORING_HOME": str(self.root), "PORT": str(port)}
        ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "MOORING_SANDBOX"}
        self.environment = {k: v for k, v in os.environ.items() if k not in ours} | named
        self.process = subprocess.Popen(
            environment.python("-m", "mooring.operations.launch"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
            start_new_session=True,
        )
        self.listener = threading.Thread(target=self._listen)
        self.listener.start()

    def _listen(self):
        with self.process.stdout as lines:
            for line in lines:
                self.output += line

    def wait_until_up(self):
        up = lambda: "Mooring is at" in self.output or self.process.poll() is not None  # noqa: E731
        assert processes.wait_until(up, seconds=_READY_SECONDS_MAX), self.output
        assert self.process.poll() is None, self.output
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        finally:
            self.process.kill()
            self.listener.join()
            shutil.rmtree(self.root, ignore_errors=True)

    def load(self, *words, **how):
        """Start a process of `earn_load.py` that works on this platform's database."""
        command = [sys.executable, str(LOAD), str(self.root), *map(str, words)]
        return subprocess.Popen(command, env=self.environment, text=True, **how)

    def customers(self, prefix, number):
        """Make customers with money and a position of each kind; return them."""
        made = self.load("make", prefix, number, PASSWORD, stdout=subprocess.PIPE)
        text, _ = made.communicate(timeout=120)
        assert made.returncode == 0
        return json.loads(text)

    def rows(self, statement, parameters=()):
        """Ask the database from outside, past every line of the product."""
        url = embedded.database_url(self.home.root)
        with psycopg.connect(url) as connection:
            return connection.execute(statement, parameters or None).fetchall()

    # --- whom to kill ---

    @property
    def postmaster(self):
        return cluster.postmaster_pid_written(self.home)

    def supervised(self, word):
        """Return the running processes whose command line holds that word, newest last."""
        found = processes.marked_with(environment.MARK, str(self.home.root))
        return sorted(
            pid
            for pid in found
            if any(
                word == part or part.endswith(f"/{word}") for part in processes.command_line(pid)
            )
        )

    def kill(self, victim):
        """Kill one kind of process with -9; return how many there were."""
        pids = {
            "PostgreSQL": lambda: [self.postmaster],
            "a backend": self._busy_backends,
            "web": lambda: self.supervised("granian"),
            "worker": lambda: self.supervised("work"),
        }[victim]()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return len(pids)

    def _busy_backends(self):
        [(pid,)] = self.rows(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND pid <> pg_backend_pid() ORDER BY state = 'active' DESC, pid LIMIT 1"
        )
        return [pid]
