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
