"""The world of the gateway's tests, for our own API."""

import pytest

from tests.gateway.conftest import fresh_meter, world  # noqa: F401 - fixtures
from tests.gateway.v1.caller import Client


@pytest.fixture
def alice(world):  # noqa: F811 - the fixture above
    return Client.of(world.alice)


@pytest.fixture
def bob(world):  # noqa: F811 - the fixture above
    return Client.of(world.bob)
