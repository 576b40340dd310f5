"""Earn's world, somebody who listens, and Alice's webhook there."""

import pytest

from mooring.gateway.webhooks import managing, queries
from tests.earn.world import OPENING
from tests.gateway.conftest import fresh_meter, world  # noqa: F401 - fixtures
from tests.gateway.v1.conftest import alice, bob  # noqa: F401 - fixtures
from tests.gateway.webhooks.listener import listening


@pytest.fixture
def listener():
    with listening() as found:
        yield found


@pytest.fixture
def hook(world, listener):  # noqa: F811 - the fixture above
    webhook_id = managing.create_webhook(
        account_id=world.alice, url=listener.url, topics=managing.TOPICS, at=OPENING
    )
    return queries.get_webhook(account_id=world.alice, webhook_id=webhook_id)


@pytest.fixture
def messages(world, hook):  # noqa: F811 - the fixture above
    """What stands in the log of Alice's webhook, oldest first."""

    def read():
        found = queries.list_deliveries(account_id=world.alice, webhook_id=hook.id, limit=1000)
        return list(reversed(found))

    return read
