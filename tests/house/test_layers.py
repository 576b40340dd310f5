"""The layers contract holds, and catches an app that imports upwards or has no place."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import REPOSITORY, SOURCE, layers


def lint(folder):
    script = "from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", script, "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def planted(tmp_path):
    """An empty app for each that exists, under the same contract."""
    pyproject = (REPOSITORY / "pyproject.toml").read_text()
    start = pyproject.index("[tool.importlinter]")
    contract = pyproject[start:].partition("\n[tool.ruff")[0]
    (tmp_path / "pyproject.toml").write_text(contract)
    assert tomllib.loads(contract)["tool"]["importlinter"]["contracts"][0]["exhaustive"]
    (tmp_path / "mooring").mkdir()
    (tmp_path / "mooring" / "__init__.py").touch()
    for app in [path.parent.name for path in SOURCE.glob("*/__init__.py")]:
        plant(tmp_path, app)
    return tmp_path


def plant(root: Path, app: str, text: str = "") -> None:
    (root / "mooring" / app).mkdir(exist_ok=True)
    (root / "mooring" / app / "__init__.py").write_text(text)


def test_imports_downwards_are_kept(planted):
    plant(planted, "earn", "from mooring import ledger")
    result = lint(planted)
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_import_upwards_is_caught(planted):
    plant(planted, "ledger", "from mooring import earn")
    result = lint(planted)
    assert result.returncode == 1
    assert "mooring.ledger is not allowed to import mooring.earn" in result.stdout


def test_an_app_without_a_place_is_caught(planted):
    plant(planted, "shop")
    result = lint(planted)
    assert result.returncode == 1
    assert "shop" in result.stdout


def test_every_folder_is_an_app_of_the_contract():
    assert {path.parent.name for path in SOURCE.glob("*/__init__.py")} <= set(layers())
