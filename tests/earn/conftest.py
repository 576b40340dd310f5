"""The world of Earn's tests: two people with money in spot, a flexible and two locked products."""

import pytest

from tests.earn.world import World
from tests.properties import auditor


@pytest.fixture
def world(db):
    yield World.build()
    # Whatever a test did, the books are as they must be.
    assert auditor.broken() == {}


@pytest.fixture
def committed_world(committed_db):
    yield World.build()
    assert auditor.broken() == {}
