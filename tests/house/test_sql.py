"""SQL that people read is in one style, and a planted violation is caught."""

import subprocess
import sys

from tests.house.tree import REPOSITORY, SOURCE


def lint(*folders):
    command = [sys.executable, "-m", "sqlfluff", "lint", "--config", "pyproject.toml"]
    return subprocess.run(
        [*command, *folders], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )


def test_the_sql_is_in_one_style():
    result = lint(*sorted(SOURCE.glob("*/sql")))
    assert result.returncode == 0, result.stdout


def test_a_planted_violation_is_caught(tmp_path):
    (tmp_path / "planted.sql").write_text("select ID, COUNT(*) FROM ledger_entry;\n")
    result = lint(tmp_path)
    assert result.returncode == 1
    assert {rule for rule in ("CP01", "CP02", "CP03") if rule in result.stdout} == {
        *("CP01", "CP02", "CP03")
    }
