"""What the tables and the pages' files depend on, as one short text: equal means nothing to do."""

import hashlib
from importlib import metadata
from pathlib import Path

import psycopg

from mooring.operations.launch.home import Home

_SOURCE = Path(__file__).resolve().parents[2]
# Those with tables of their own.
_PACKAGES = ("django", "django-allauth")
_CONNECT_SECONDS_MAX = 5


def schema_fingerprint(home: Home, url: str) -> str:
    """
    Return the fingerprint of this code's migrations and static files, and of the database's.

    It takes milliseconds where asking Django takes seconds. A database that went through other
    migrations since, older or newer ones, has another fingerprint.
    """
    parts = [f"{name} {metadata.version(name)}" for name in _PACKAGES]
    for path in sorted([*_SOURCE.glob("*/migrations/*"), *_SOURCE.glob("web/static/**/*")]):
        if path.is_file():
            stat = path.stat()
            parts.append(f"{path.relative_to(_SOURCE)} {stat.st_size} {stat.st_mtime_ns}")
    parts.append(str((home.root / "static" / "staticfiles.json").exists()))
    parts.extend(_applied(url))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def _applied(url: str) -> list[str]:
    with psycopg.connect(url, connect_timeout=_CONNECT_SECONDS_MAX) as connection:
        try:
            rows = connection.execute(
                "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
            ).fetchall()
        except psycopg.errors.UndefinedTable:
            return []
    return [name for (name,) in rows]
