"""
The database of the tests, and who they are in it.

The tables are made by the role that logs in, as a deployment's migrations do; after that every
test works as `mooring_app`, so that a privilege that production lacks is missing here too.

A test that marks itself `django_db` runs in a transaction that is rolled back. A test that
needs real commits (threads, races, another process) asks for `committed_db` and gets a clone
of the database to itself: the book refuses TRUNCATE, so there is nothing to flush with.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from hypothesis import settings
from psycopg import sql
from pytest_django import fixtures

ROLE = "mooring_app"
_CLONES = count(1)

# The plugin makes a database only if a test asks for one of its own fixtures: a run of nothing
# but `committed_db` would get none, and clone the developer's.
fixtures._get_databases_for_setup = lambda _items: ({"default"}, set())

# No deadline: a busy machine is no failure. The blob repeats a failure elsewhere.
settings.register_profile("mooring", deadline=None, print_blob=True)
settings.load_profile("mooring")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse the marker that would end in a TRUNCATE of the book."""
    for item in items:
        for marker in item.iter_markers("django_db"):
            if marker.kwargs.get("transaction"):
                message = f"{item.nodeid}: use the fixture `committed_db`, not transaction=True"
                raise pytest.UsageError(message)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """
    Without DATABASE_URL, start an embedded server in a folder that is thrown away.

    Processes that share the tests have a database each.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    try:
        from mooring.operations.launch import testing
    except ImportError:
        pytest.exit("Set DATABASE_URL: the embedded test server is not available.", 3)
    with tempfile.TemporaryDirectory(prefix="mooring-test-") as home:
        with testing.database(Path(home)) as parameters:
            connections["default"].settings_dict.update(parameters)
            yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Work as the application from here on; the owner returns to take the database down."""
    options = connections["default"].settings_dict["OPTIONS"]
    as_owner = options["options"]
    connections["default"].close()
    options["options"] = f"{as_owner} -c role={ROLE}"
    yield
    connections["default"].close()
    options["options"] = as_owner


@pytest.fixture
def owner() -> Callable[[], AbstractContextManager[None]]:
    """
    Return a context manager: inside, SQL runs as the owner of the tables.

    For tests that break a constraint which the application's privileges would not let them
    reach: `with owner(): ...`.
    """
    return _as_owner


@contextmanager
def _as_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    try:
        yield
    finally:
        # In a transaction that failed, nothing runs, and its rollback gives the role back.
        in_error = psycopg.pq.TransactionStatus.INERROR
        if connection.connection.info.transaction_status != in_error:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {ROLE}")


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """
    Give the test a database of its own, in which commits are real; return its name.

    It is a clone of the test database and Django's connection points at it in all threads.
    A thread closes its connection itself (`connection.close()`); it is dropped afterwards
    whoever is still connected.
    """
    template = connection.settings_dict["NAME"]
    clone = f"{template}_{next(_CLONES)}"
    with django_db_blocker.unblock():
        connection.close()
        _administer("DROP DATABASE IF EXISTS {clone} WITH (FORCE)", clone=clone)
        _administer("CREATE DATABASE {clone} TEMPLATE {template}", clone=clone, template=template)
        connection.settings_dict["NAME"] = clone
        try:
            yield clone
        finally:
            connection.close()
            connection.settings_dict["NAME"] = template
            _administer("DROP DATABASE {clone} WITH (FORCE)", clone=clone)


@pytest.fixture
def committed_url(committed_db: str) -> str:
    """Return the DATABASE_URL under which another process finds the clone, as its owner."""
    place = connection.settings_dict
    user, password, host = (quote(place[name], safe="") for name in ("USER", "PASSWORD", "HOST"))
    return f"postgres://{user}:{password}@{host}:{place['PORT'] or 5432}/{committed_db}"


def _administer(statement: str, **names: str) -> None:
    """Run a statement about databases, as the owner, from a database that is not ours."""
    parameters = connection.get_connection_params()
    parameters = {
        name: parameters[name]
        for name in ("host", "port", "user", "password")
        if parameters.get(name)
    }
    quoted = {name: sql.Identifier(value) for name, value in names.items()}
    with psycopg.connect(dbname="postgres", autocommit=True, **parameters) as administration:
        try:
            administration.execute(sql.SQL(statement).format(**quoted))
        except psycopg.errors.ObjectInUse as error:
            message = "a test left a connection open: close it in the thread that used it"
            raise DatabaseError(message) from error
