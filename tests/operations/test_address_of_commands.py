"""Links that a command of a shell writes lead to the platform that runs with the same data."""

import json
import os
from pathlib import Path

import pytest

from mooring.operations.launch import environment, plan, supervisor
from mooring.operations.launch.home import Home


@pytest.fixture(autouse=True)
def _shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give each test a shell of its own, which says nothing about addresses."""
    shell = {**os.environ, "MOORING_HOME": str(tmp_path)}
    for name in ("PORT", "MOORING_SITE_URL"):
        shell.pop(name, None)
    monkeypatch.setattr(os, "environ", shell)


def address_of_a_command(home: Path) -> str:
    environment.enter(home)
    return os.environ["MOORING_SITE_URL"]


def test_a_command_writes_links_to_the_platform_that_runs(tmp_path: Path) -> None:
    os.environ["PORT"] = "8123"
    running = plan.product_plan(tmp_path)
    del os.environ["PORT"]
    with supervisor._alone_in(running):
        assert address_of_a_command(tmp_path) == "http://localhost:8123"


def test_a_command_knows_the_name_that_the_operator_gave_the_platform(tmp_path: Path) -> None:
    os.environ["MOORING_SITE_URL"] = "https://mooring.example"
    running = plan.product_plan(tmp_path)
    del os.environ["MOORING_SITE_URL"]
    with supervisor._alone_in(running):
        assert address_of_a_command(tmp_path) == "https://mooring.example"


def test_what_the_shell_says_itself_wins(tmp_path: Path) -> None:
    Home(tmp_path).lock.write_text(json.dumps({"address": "http://localhost:8123"}))
    os.environ["PORT"] = "8200"
    assert address_of_a_command(tmp_path) == "http://localhost:8200"


@pytest.mark.parametrize("left", [None, "", "{", "[1]", '{"pid": 1}', '{"address": 7}'])
def test_without_one_it_is_the_usual_address(tmp_path: Path, left: str | None) -> None:
    if left is not None:
        Home(tmp_path).lock.write_text(left)
    assert address_of_a_command(tmp_path) == "http://localhost:8000"


def test_a_platform_that_was_killed_moves_no_other(tmp_path: Path) -> None:
    Home(tmp_path).lock.write_text(json.dumps({"address": "http://localhost:8123"}))
    assert plan.product_plan(tmp_path).address == "http://localhost:8000"
