#!/usr/bin/env python3
"""
Run every fence that needs no browser and no long wait, and say which ones stand.

    tools/check.py          all of them, however many fail
    tools/check.py --list   what they are

Format, lint, types, import contracts, house tests: under a minute together.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [name for name in ("src", "tests", "bench", "tools") if (ROOT / name).is_dir()]
TYPED = [name for name in SOURCES if name != "tests"]

FENCES = (
    ("format", ["ruff", "format", "--check", "--quiet", *SOURCES]),
    ("lint", ["ruff", "check", "--quiet", *SOURCES]),
    ("types", ["mypy", *TYPED]),
    ("import contracts", ["lint-imports", "--no-cache"]),
    ("house rules", ["tools/with_postgres.py", "pytest", "-q", "tests/house"]),
)


def main() -> int:
    """Run the fences; return 1 when one fell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", action="store_true", help="show the commands, run nothing")
    if parser.parse_args().list:
        for title, command in FENCES:
            print(f"{title:<18}{' '.join(command)}")
        return 0
    fallen = [title for title, command in FENCES if not _stands(title, command)]
    if fallen:
        print(f"\nFallen: {', '.join(fallen)}.", file=sys.stderr)
    return 1 if fallen else 0


def _stands(title: str, command: list[str]) -> bool:
    began = time.monotonic()
    words = [sys.executable, *command] if command[0].endswith(".py") else ["env", *command]
    # The pinned tools stand beside this very Python, whoever started it.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    stands = done.returncode == 0
    print(f"  {'✓' if stands else '✗'} {title:<44}{time.monotonic() - began:6.1f} s", flush=True)
    if not stands:
        print(done.stdout + done.stderr, flush=True)
    return stands


if __name__ == "__main__":
    sys.exit(main())
