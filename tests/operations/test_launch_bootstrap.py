"""The bootstrap needs a Python alone, does its work once, and says in a sentence what it lacks."""

import ast
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "bootstrap.py"


@pytest.fixture
def bootstrap(monkeypatch, tmp_path):
    """Load the script, its environment being a folder that is not there yet."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "BIN", tmp_path / ".venv" / "bin")
    return module


def test_it_imports_nothing_but_the_standard_library():
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(SCRIPT.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in (
            node.names if isinstance(node, ast.Import) else [ast.alias(name=node.module or "")]
        )
    }
    assert imported <= sys.stdlib_module_names


def test_an_old_python_can_read_it_far_enough_to_say_that_it_is_old():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))


def test_a_python_that_is_too_old_says_so(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap, "PYTHONS", ())
    with pytest.raises(bootstrap.CannotPrepare, match=r"needs Python 3\.11 or newer.* is 3\.9"):
        bootstrap.use_a_fit_python()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_its_venv_module_says_so(bootstrap, monkeypatch, module):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        bootstrap.importlib.util, "find_spec", lambda name: None if name == module else found(name)
    )
    with pytest.raises(bootstrap.CannotPrepare, match=r"apt-get install python3\.\d+-venv"):
        bootstrap.make_environment()


def test_what_is_prepared_is_prepared_once_until_a_pin_changes(bootstrap, tmp_path):
    before = bootstrap.digest("run")
    assert before == bootstrap.digest("run")
    assert before != bootstrap.digest("test")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    stamp = tmp_path / ".venv" / ".prepared-for-run"
    assert not bootstrap.is_prepared(stamp, before)
    stamp.write_text(before)
    assert bootstrap.is_prepared(stamp, before)
    assert not bootstrap.is_prepared(stamp, before[::-1])


def test_the_digest_takes_milliseconds(bootstrap):
    began = time.perf_counter()
    bootstrap.digest("test")
    assert time.perf_counter() - began < 0.1


def test_a_command_that_fails_is_told_in_one_sentence(bootstrap):
    code = "import sys; sys.exit('ERROR: no such version\\nand much more')"
    with pytest.raises(bootstrap.CannotPrepare) as told:
        bootstrap.run([sys.executable, "-c", code])
    assert str(told.value).endswith("failed: ERROR: no such version")


def test_every_pin_has_a_hash_and_names_no_index():
    for path in sorted((SCRIPT.parents[1] / "requirements").glob("*.txt")):
        text = path.read_text()
        assert text.count("==") <= text.count("--hash=sha256:"), path
        assert "://" not in text, path


def test_make_alone_lists_the_verbs():
    shown = subprocess.run(
        ["make"], cwd=SCRIPT.parents[1], capture_output=True, text=True, check=True
    ).stdout
    for verb in ("run", "test", "check", "bench"):
        assert f"make {verb} " in shown


def test_ci_runs_make_test_and_nothing_else():
    script = SCRIPT.parents[1] / ".ci" / "run"
    lines = [line for line in script.read_text().splitlines() if not line.startswith("#")]
    assert lines == ['cd "$(dirname "$0")/.." && exec make test']
    assert os.access(script, os.X_OK)
