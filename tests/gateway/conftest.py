"""Earn's world, a key of Alice's and one of Bob's, and counters that begin at nothing."""

import pytest

from mooring.gateway.binance import answering, endpoints, meter
from tests.earn.world import World
from tests.gateway.caller import Client
from tests.properties import auditor


@pytest.fixture(autouse=True)
def fresh_meter(monkeypatch):
    # Assets are registered anew for each test, and with other decimals.
    endpoints.decimals_of.cache_clear()
    found = meter.Meter()
    monkeypatch.setattr(answering, "METER", found)
    return found


@pytest.fixture
def world(db):
    yield World.build()
    assert auditor.broken() == {}


@pytest.fixture
def alice(world):
    return Client.of(world.alice)


@pytest.fixture
def bob(world):
    return Client.of(world.bob)
