"""`make freeze-sql` makes read and run the same, by a migration and never by rewriting one."""

import subprocess
import sys

import pytest

from tests.house import source_fences as fences
from tests.house.tree import REPOSITORY, SOURCE


def freeze(source, *options):
    tool = REPOSITORY / "tools" / "freeze_sql.py"
    return subprocess.run(
        [sys.executable, tool, "--source", source, *options],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def app(tmp_path):
    for folder in ("sql", "migrations"):
        (tmp_path / "earn" / folder).mkdir(parents=True)
    (tmp_path / "earn/migrations/0001_initial.py").touch()
    (tmp_path / "earn/sql/earn_close_v1.sql").write_text("CREATE OR REPLACE FUNCTION ...")
    return tmp_path / "earn"


def test_a_new_text_is_frozen_beside_a_migration(app):
    assert freeze(app.parent).returncode == 0
    assert fences.unfrozen_sql(app.parent) == []
    assert (app / "migrations/0002_earn_close_v1.sql").exists()
    assert '"0001_initial"' in (app / "migrations/0002_earn_close_v1.py").read_text()


def test_a_changed_text_is_a_further_migration(app):
    freeze(app.parent)
    (app / "sql/earn_close_v1.sql").write_text("CREATE OR REPLACE FUNCTION other")
    assert freeze(app.parent, "--check").returncode == 1
    assert freeze(app.parent).returncode == 0
    assert fences.unfrozen_sql(app.parent) == []
    assert "other" not in (app / "migrations/0002_earn_close_v1.sql").read_text()


def test_what_exists_is_not_created_again(app):
    freeze(app.parent)
    (app / "sql/earn_close_v1.sql").write_text("CREATE FUNCTION other")
    result = freeze(app.parent)
    assert result.returncode == 1
    assert "CREATE OR REPLACE" in result.stdout


def test_nothing_is_left_to_freeze_here():
    assert freeze(SOURCE, "--check").returncode == 0
