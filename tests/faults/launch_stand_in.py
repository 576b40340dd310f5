"""
A supervisor with small stand-ins for web server and worker, as a program of its own.

    launch_stand_in.py HOME PORT [NAME=COMMAND ...]

Each further word names a process to keep alive instead of the usual two; COMMAND is Python.
"""

import os
import socket
import sys
from pathlib import Path

from mooring.operations.launch import environment, supervisor
from mooring.operations.launch.children import ChildSpec
from mooring.operations.launch.home import Home
from mooring.operations.launch.plan import Plan

USUAL = {
    "web": (
        "from http.server import HTTPServer, SimpleHTTPRequestHandler\n"
        "HTTPServer(('127.0.0.1', {port}), SimpleHTTPRequestHandler).serve_forever()"
    ),
    # It starts one that would outlive it, as a server's own worker processes might.
    "worker": "import subprocess, sys; subprocess.run(['sleep', '1000'])",
}


def main() -> int:
    """Build the plan and run it."""
    home = Home(Path(sys.argv[1]).resolve())
    port = int(sys.argv[2])
    chosen = dict(word.split("=", 1) for word in sys.argv[3:]) or USUAL
    variables = {**os.environ, environment.MARK: str(home.root)}
    plan = Plan(
        home=home,
        port=port,
        has_embedded_database=True,
        steps=(),
        children=tuple(
            ChildSpec(
                name=name,
                title=f"The {name}",
                command=environment.python("-c", code.replace("{port}", str(port))),
                environment=variables,
                is_ready=(lambda: _is_served(port)) if "HTTPServer" in code else None,
                stop_seconds=2,
            )
            for name, code in chosen.items()
        ),
        announcement=lambda: "All is up",
    )
    return supervisor.run(plan=plan)


def _is_served(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    sys.exit(main())
