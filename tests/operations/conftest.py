"""The world of the tests of operations: alice and bob, coins, and products of each kind."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet

OPENING = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)


def of(number, asset="BUSD"):
    return Amount(Decimal(number), asset)


def build():
    """Register, publish, open and credit; return the doors that tests knock at."""
    assets.register(
        [
            assets.Asset(code="BTC", name="Bitcoin"),
            assets.Asset(code="BUSD", name="Binance USD", ledger_decimals=18),
        ]
    )
    people = {}
    for name in ("alice", "bob"):
        people[name] = accounts.open_account(
            email=f"{name}@example.org", password="hello harbour", at=OPENING
        )
        for asset in ("BTC", "BUSD"):
            request = wallet.Credit(
                account_id=people[name], amount=of("5000", asset), key=f"{name}.{asset}"
            )
            wallet.credit_one(request, at=OPENING)
    earn.publish(
        code="BTC001",
        kind="FLEXIBLE",
        asset="BTC",
        offer=earn.Offer(minimum=Decimal("0.001")),
        effective_from=OPENING,
    )
    earn.set_rate(product_code="BTC001", apr=Decimal("0.03"), at=OPENING)
    lock("Busd*30")

    def subscribe(number, product="Busd*30", *, who="alice", at=OPENING, key=None):
        asset = "BTC" if product.startswith("BTC") else "BUSD"
        request = earn.Subscription(
            account_id=people[who],
            product_code=product,
            amount=of(number, asset),
            key=key or f"{product}.{number}.{at:%d%H%M}".replace("*", "-"),
        )
        return earn.subscribe_one(request, at=at).position_id

    def redeem(position_id, *, at, number=None, asset="BUSD", who="alice", key="r"):
        amount = None if number is None else of(number, asset)
        request = earn.Redemption(
            account_id=people[who], position_id=position_id, amount=amount, key=key
        )
        return earn.redeem_one(request, at=at).redemption_id

    return SimpleNamespace(subscribe=subscribe, redeem=redeem, **people)


def lock(code, *, days=30, **terms):
    """Publish a locked product in BUSD at 10 %."""
    offer = {
        "minimum": Decimal(1),
        "apr": Decimal("0.10"),
        "duration_days": days,
        "redeem_period_days": 1,
        "delivery_hours_min": 48,
        "delivery_hours_max": 72,
        "grace_seconds": 3600,
        **terms,
    }
    earn.publish(
        code=code,
        kind="LOCKED",
        asset="BUSD",
        offer=earn.Offer(**offer),
        effective_from=OPENING,
    )


@pytest.fixture
def world(db):
    return build()


@pytest.fixture
def committed_world(committed_db):
    return build()
