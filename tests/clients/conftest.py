"""A served platform with a small world of every product, and a key of Alice's."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.gateway.binance import endpoints
from mooring.kernel import clock
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet
from tests.clients.serving import Key, Server
from tests.earn.liquid_world import offer_staking
from tests.earn.world import LOCKED, OPENING, World, work
from tests.properties import auditor


def pytest_collection_modifyitems(items):
    """Have the test database made, to be cloned."""
    for item in items:
        if "tests/clients/" in str(item.path):
            item.add_marker(pytest.mark.django_db)


@pytest.fixture
def _django_db_helper():
    """No transaction around these tests: each has a clone in which commits are real."""


@dataclass(frozen=True)
class Served:
    server: Server
    world: World
    key: Key

    def let_pass(self, time):
        """Move the sandbox's clock, and do what the worker does."""
        clock.advance(time)
        work(clock.now())


def _offer_everything(world):
    for code in ("BFUSD", "RWUSD"):
        world.publish(
            code, minimum=Decimal("0.1"), fee_rate=Decimal("0.001"), standard_days=3,
            standard_fee_rate=Decimal("0.0005"),
        )  # fmt: skip
        earn.set_rate(product_code=code, apr=Decimal("0.365"), at=OPENING)
    renewing = earn.Offer(**LOCKED, is_renewable=True, quota_per_person=Decimal(3000))
    for code, family in (("TERM", {}), ("CHAIN", {"family": "ONCHAIN"})):
        earn.publish(
            code=code, kind="LOCKED", asset="USDT", offer=renewing, effective_from=OPENING,
            **family,
        )  # fmt: skip
    world.publish("SMALL", minimum=Decimal(1), quota_per_person=Decimal(70))
    earn.set_rate(product_code="SMALL", apr=Decimal("0.365"), at=OPENING)


def _offer_liquid(world):
    offer_staking(world)
    assets.register(
        [assets.Asset(code="SOL", name="Solana", ledger_decimals=9),
         assets.Asset(code="BNSOL", name="Staked SOL", ledger_decimals=9)]
    )  # fmt: skip
    sol = wallet.Credit(account_id=world.alice, amount=Amount(Decimal(100), "SOL"), key="sol")
    wallet.credit_one(sol, at=OPENING)
    earn.publish_liquid(
        code="BNSOL", asset="SOL", token="BNSOL", offer=earn.Offer(minimum=Decimal("0.01")),
        effective_from=OPENING,
    )  # fmt: skip
    earn.publish_ratio(
        product_code="BNSOL", ratio=Decimal("1.079"), effective_from=OPENING, at=OPENING
    )
    earn.publish_unbonding(
        asset="SOL", hours_min=48, hours_max=96, effective_from=OPENING, at=OPENING
    )


@pytest.fixture
def served(committed_url):
    endpoints.decimals_of.cache_clear()
    world = World.build()
    _offer_everything(world)
    _offer_liquid(world)
    assets.quote_prices(
        assets.Quote(asset=asset, usd=Decimal(usd), valid_from=OPENING, source="tests")
        for asset, usd in (("USDT", "1"), ("BTC", "50000"), ("ETH", "2500"), ("SOL", "100"))
    )
    server = Server(committed_url)
    try:
        yield Served(server.wait_until_up(), world, Key.of(world.alice))
    finally:
        server.stop()
    assert auditor.broken() == {}
