"""The environment variables under which every process of one installation runs."""

import os
import sys
from pathlib import Path

from mooring.operations.launch import cluster, embedded
from mooring.operations.launch.errors import CannotStart
from mooring.operations.launch.home import Home, home_from_environment

# On every process the supervisor starts, so that the next one finds what a killed one left.
MARK = "MOORING_SUPERVISED"

_DEVELOPMENT = "mooring.settings.development"


def is_database_external() -> bool:
    """Return whether the operator named a database server of their own."""
    return bool(os.environ.get("DATABASE_URL"))


def product_environment(home: Home) -> dict[str, str]:
    """
    Return this process's environment, completed by what the operator left open.

    The settings module is development's, which is a sandbox; the database the embedded one; the
    secret key one generated once and kept in the home.
    """
    given = dict(os.environ) if is_database_external() else cluster.scrubbed_environment()
    settings = given.get("DJANGO_SETTINGS_MODULE") or _DEVELOPMENT
    completed = {
        "DJANGO_SETTINGS_MODULE": settings,
        "MOORING_SANDBOX": "true" if settings == _DEVELOPMENT else "false",
        "SECRET_KEY": home.secret("secret-key"),
        "MOORING_SEALING_KEYS": home.secret("sealing-key"),
        "MOORING_SITE_URL": f"http://localhost:{given.get('PORT') or 8000}",
        "DATABASE_URL": given.get("DATABASE_URL") or embedded.database_url(home.root),
        "PYTHONUNBUFFERED": "1",
        **{name: value for name, value in given.items() if value},
    }
    return {**completed, "MOORING_HOME": str(home.root)}


def enter(home: Path | None = None) -> None:
    """
    Complete the environment of this very process, before Django reads it.

    For the verbs of the command line, so that they find the database of a running `make run`,
    and the links they write lead to it.
    """
    place = home_from_environment(home)
    place.prepare()
    completed = product_environment(place)
    if not (os.environ.get("PORT") or os.environ.get("MOORING_SITE_URL")):
        completed["MOORING_SITE_URL"] = place.address() or completed["MOORING_SITE_URL"]
    for name in set(os.environ) - set(completed):
        del os.environ[name]
    os.environ.update(completed)


def count_from_environment(name: str, default: int, *, maximum: int) -> int:
    """
    Return the number that an environment variable holds, the default when it is unset.

    Raises:
        CannotStart: it is not a number from 1 to `maximum`.
    """
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= maximum):
        raise CannotStart(f"{name} is {text!r}, but must be a number from 1 to {maximum}.")
    return int(text)


def python(*words: str) -> tuple[str, ...]:
    """Return a command of this very Python."""
    return (sys.executable, *words)
