"""A database server for one run of the tests, described as Django wants it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from mooring.operations.launch import cluster, embedded
from mooring.operations.launch.home import Home
from mooring.operations.launch.tuning import NOT_DURABLE


@contextlib.contextmanager
def database(home: Path) -> Iterator[dict[str, str]]:
    """Start a server in an empty folder and give NAME, USER, PASSWORD, HOST and PORT of it."""
    server = embedded.start(home, settings=NOT_DURABLE)
    try:
        place = Home(home.resolve())
        yield {
            "NAME": cluster.DATABASE,
            "USER": cluster.OWNER,
            "PASSWORD": place.secret("postgres-owner"),
            "HOST": str(place.socket_folder),
            "PORT": "5432",
        }
    finally:
        server.stop()
