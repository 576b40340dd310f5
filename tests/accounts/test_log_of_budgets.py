"""Who watches the log sees that somebody guesses, and not whom."""

import logging
from datetime import UTC, datetime

import pytest

from mooring.accounts import policies as limits
from mooring.accounts.entrance import throttle

pytestmark = pytest.mark.django_db

WALL = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
OWNER = "alice@example.com"
HOME = "203.0.113.7"


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_LOGGED", set())


def test_a_flood_is_told_once_in_a_window(caplog: pytest.LogCaptureFixture) -> None:
    budgets = throttle.password_budgets(OWNER, HOME, None)
    for wall in (WALL, WALL + throttle.WINDOW):
        for _ in range(limits.PASSWORD_TRIES_UNKNOWN.default):
            throttle.take(*budgets, wall=wall, at=WALL)
    told = f"budget used up: password.unknown of {budgets[1].bucket[:12]}"
    assert caplog.messages == [told, told]


def test_what_is_told_of_a_window_has_an_end(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "_LOGGED_MAX", 1)
    for whose in (OWNER, "bob@example.com"):
        budgets = throttle.password_budgets(whose, HOME, None)
        for _ in range(limits.PASSWORD_TRIES_UNKNOWN.default):
            throttle.take(*budgets, wall=WALL, at=WALL)
    assert len(caplog.messages) == 1


def test_a_budget_that_is_used_up_is_logged_without_whose_it_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    budgets = throttle.password_budgets(OWNER, HOME, None)
    with caplog.at_level(logging.WARNING, logger="mooring"):
        for _ in range(limits.PASSWORD_TRIES_UNKNOWN.default // 3):
            assert throttle.take(*budgets, wall=WALL, at=WALL)
        assert caplog.messages == []
        assert not throttle.take(*budgets, wall=WALL, at=WALL)
    [line] = caplog.messages
    assert line == f"budget used up: password.unknown of {budgets[1].bucket[:12]}"
    assert OWNER not in line
    assert HOME not in line


def test_a_network_that_is_used_up_is_logged_as_one(caplog: pytest.LogCaptureFixture) -> None:
    for number in range(limits.PASSWORD_TRIES_NETWORK.default + 1):
        budgets = throttle.password_budgets(f"p{number}@example.com", HOME, None)
        throttle.take(*budgets, wall=WALL, at=WALL)
    assert [line.split(" of ")[0] for line in caplog.messages] == [
        "budget used up: password.network"
    ]
