#!/usr/bin/env python3
"""
Copy every SQL function that was changed beside a new migration of its app.

    tools/freeze_sql.py            write what is missing
    tools/freeze_sql.py --check    say what is missing, write nothing, exit 1 if anything is

What people read is <app>/sql/<name>.sql; what databases ran is a frozen copy of it. A name that
was frozen before must say CREATE OR REPLACE now, because it exists.
"""

import argparse
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "mooring"

MIGRATION = '''"""{title}."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("{app}", "{previous}")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
    ]
'''


def main() -> int:
    """Freeze what changed; return 1 if something cannot be, or with --check has to be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--source", type=Path, default=SOURCE, help="the folder of the apps")
    options = parser.parse_args()
    changed = [path for path in sorted(options.source.glob("*/sql/*.sql")) if is_changed(path)]
    for path in changed:
        print(f"{path.relative_to(options.source)} is not what ran")
        if not options.check and not freeze(path):
            print("  it exists already: say CREATE OR REPLACE, or make a new version (_v2)")
            return 1
    return 1 if changed and options.check else 0


def is_changed(read: Path) -> bool:
    """Whether the newest frozen copy, if any, has another text."""
    copies = frozen(read)
    return not copies or copies[-1].read_bytes() != read.read_bytes()


def frozen(read: Path) -> list[Path]:
    """Return the frozen copies of a file, oldest first."""
    folder = read.parents[1] / "migrations"
    return sorted(
        path for path in folder.glob("[0-9]*.sql") if path.stem.split("_", 1)[1] == read.stem
    )


def freeze(read: Path) -> bool:
    """Write the copy and its migration; return False if the text would meet an existing object."""
    text = read.read_text(encoding="utf-8")
    if frozen(read) and "CREATE OR REPLACE" not in text:
        return False
    app, folder = read.parents[1].name, read.parents[1] / "migrations"
    previous = max(path.stem for path in folder.glob("[0-9]*.py"))
    name = f"{int(previous[:4]) + 1:04d}_{read.stem}"
    (folder / f"{name}.sql").write_text(text, encoding="utf-8")
    migration = MIGRATION.format(title=f"The text of {read.stem}", app=app, previous=previous)
    (folder / f"{name}.py").write_text(migration, encoding="utf-8")
    print(f"  frozen as {name}")
    return True


if __name__ == "__main__":
    sys.exit(main())
