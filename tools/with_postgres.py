#!/usr/bin/env python3
"""
Run a command with DATABASE_URL naming a fresh PostgreSQL server, and end that server after it.

    tools/with_postgres.py pytest tests/ledger

The server lies in a temporary folder and is not durable (a benchmark wants --durable). When
DATABASE_URL is set already, the command gets that one. Exits as the command does.
"""

import argparse
import os
import signal
import subprocess
import sys

from mooring.operations.launch import embedded
from mooring.operations.launch.cluster import scrubbed_environment
from mooring.operations.launch.errors import CannotStart


def main() -> int:
    """Parse, run, return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--durable", action="store_true", help="write as safely as the real one")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if not arguments.command:
        parser.error("name a command to run")
    # Ctrl-C reaches the command as well; it ends first, and the server after it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.environ.get("DATABASE_URL"):
        return _run(arguments.command, dict(os.environ))
    try:
        with embedded.throwaway(durable=arguments.durable) as server:
            environment = {**scrubbed_environment(), "DATABASE_URL": server.url}
            return _run(arguments.command, environment)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1


def _run(command: list[str], environment: dict[str, str]) -> int:
    process = subprocess.Popen(command, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    code = process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
