"""Asking the database, before Django runs: is it there, is it fit, and which one is it?"""

from pathlib import Path

import psycopg

from mooring.operations.launch.errors import CannotStart
from mooring.operations.launch.home import Home

_VERSION_MIN = 15
_CONNECT_SECONDS_MAX = 5


def check_external(url: str) -> None:
    """
    Refuse a DATABASE_URL behind which no fit PostgreSQL answers.

    Raises:
        CannotStart: it is no such address, nothing answers, or the server is too old. The
            sentence never holds the password.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        raise CannotStart(
            "DATABASE_URL must begin with postgres:// (Mooring works on PostgreSQL alone)."
        )
    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_SECONDS_MAX) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        reason = (str(error).strip().splitlines() or ["no answer"])[0].rstrip(".")
        raise CannotStart(
            f"The database of DATABASE_URL cannot be reached: {_without_password(reason, url)}."
        ) from None
    if version < _VERSION_MIN:
        raise CannotStart(
            f"The database of DATABASE_URL is PostgreSQL {version}; "
            f"Mooring needs {_VERSION_MIN} or newer."
        )


class Remembered:
    """A thing done once per database, noted in the home under that database's identity."""

    def __init__(self, home: Home, url: str, name: str) -> None:
        self._folder = home.root / "done"
        self._url = url
        self._name = name

    def is_done(self) -> bool:
        """Return whether it was done for the database that is there now."""
        return self._path().exists()

    def note(self) -> None:
        """Note that it is done."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._path().touch()

    def _path(self) -> Path:
        # Not the address: behind it may be another database, made anew, without the thing.
        with psycopg.connect(self._url, connect_timeout=_CONNECT_SECONDS_MAX) as connection:
            [(server, database)] = connection.execute(
                "SELECT system_identifier, (SELECT oid FROM pg_database "
                "WHERE datname = current_database()) FROM pg_control_system()"
            ).fetchall()
        return self._folder / f"{self._name}-{server}-{database}"


def _without_password(text: str, url: str) -> str:
    try:
        password = psycopg.conninfo.conninfo_to_dict(url).get("password")
    except psycopg.ProgrammingError:
        # What is wrong with it would be said by quoting it.
        return "it is not a valid address"
    return text.replace(str(password), "***") if password else text
