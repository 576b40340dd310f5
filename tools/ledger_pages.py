#!/usr/bin/env python3
"""
Write docs/ledger: carry out every event on an empty database and show what it moved.

    tools/with_postgres.py python tools/ledger_pages.py          write the pages
    tools/with_postgres.py python tools/ledger_pages.py --check  exit with 1 if they differ

Works in a database of its own on the server of DATABASE_URL and drops it afterwards.
"""

import argparse
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "ledger"


def main() -> int:
    """Write or compare; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    is_check = parser.parse_args().check
    written = _written()
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    changed = sorted(
        name for name in written.keys() | kept.keys() if written.get(name) != kept.get(name)
    )
    for name in changed:
        print(f"docs/ledger/{name} {'differs' if is_check else 'written'}")
        if not is_check:
            _write(FOLDER / name, written.get(name))
    return 1 if is_check and changed else 0


def _write(path: Path, text: str | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")


def _written() -> dict[str, str]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "mooring.settings.test"
    import django  # noqa: PLC0415 - after its settings are named

    django.setup()
    from django.db import connection  # noqa: PLC0415

    from mooring.operations.ledger_pages.pages import pages  # noqa: PLC0415

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        return pages()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
