#!/usr/bin/env python3
"""
Make sure that a Chromium is on this machine for the browser tests, and print where.

    tools/browser.py        install it through the system's package manager when that is allowed
    tools/browser.py --find only look

Nothing is skipped without it: when it cannot be installed, this says in one sentence how to and
fails.
"""

import argparse
import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    """Find, else install, else explain; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--find", action="store_true", help="only look, install nothing")
    only_look = parser.parse_args().find
    path = _find()
    if path is None and not only_look and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
        path = _find()
    if path is None:
        print(
            "The browser tests need Chromium: install it with this system's package manager "
            "(Debian, Ubuntu: `sudo apt-get install chromium`) and run this again.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


def _find() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _install() -> None:
    print("Installing Chromium with apt-get ...", file=sys.stderr, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *NAMES[:1]]):
        subprocess.run(
            ["apt-get", "--quiet", "--quiet", *words],
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            check=False,
        )


if __name__ == "__main__":
    sys.exit(main())
