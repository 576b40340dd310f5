"""A warm start is told apart from one that has something to do, without asking Django."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mooring.operations.launch import embedded, fingerprint
from mooring.operations.launch.home import Home


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Server]:
    with embedded.throwaway() as running:
        yield running


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with one migration and one static file."""
    for name in ("ledger/migrations/0001_book.py", "web/static/web/page.css"):
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True)
        path.write_text("one\n")
    monkeypatch.setattr(fingerprint, "_SOURCE", tmp_path / "source")
    return tmp_path / "source"


@pytest.fixture
def of_now(server: embedded.Server, source: Path, tmp_path: Path):
    assert source.exists()
    return lambda: fingerprint.schema_fingerprint(Home(tmp_path), server.url)


def test_nothing_changed_is_nothing_to_do(of_now) -> None:
    assert of_now() == of_now()


@pytest.mark.parametrize("name", ["ledger/migrations/0002_more.sql", "web/static/web/new.css"])
def test_a_new_file_is_something_to_do(of_now, source: Path, name: str) -> None:
    before = of_now()
    (source / name).write_text("")
    assert of_now() != before


@pytest.mark.parametrize("name", ["ledger/migrations/0001_book.py", "web/static/web/page.css"])
def test_an_edit_of_the_same_length_is_something_to_do(of_now, source: Path, name: str) -> None:
    before = of_now()
    path = source / name
    path.write_text("two\n")
    os.utime(path, ns=(1, 1))
    assert of_now() != before


def test_pages_that_were_never_collected_are_something_to_do(of_now, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    manifest = tmp_path / "static" / "staticfiles.json"
    manifest.write_text("{}")
    before = of_now()
    manifest.unlink()
    assert of_now() != before


def test_a_database_that_went_another_way_is_something_to_do(
    of_now, server: embedded.Server
) -> None:
    never = of_now()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE django_migrations (app text, name text)")
        connection.execute("INSERT INTO django_migrations VALUES ('ledger', '0001_book')")
        up_to_date = of_now()
        connection.execute("DELETE FROM django_migrations")
        behind = of_now()
        connection.execute("DROP TABLE django_migrations")
    assert len({never, up_to_date}) == 2
    assert behind != up_to_date
    assert behind == never
