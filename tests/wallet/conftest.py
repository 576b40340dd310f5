"""The world of the wallet's tests: two people, three assets."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def build():
    people = {
        name: accounts.open_account(email=f"{name}@example.org", password="pass word", at=NOON)
        for name in ("alice", "bob")
    }
    assets.register(
        [
            assets.Asset(code="BTC", name="Bitcoin"),
            assets.Asset(code="ETH", name="Ether", ledger_decimals=18),
            assets.Asset(code="OLD", name="Delisted", is_active=False),
        ]
    )

    def request(number, asset="BTC", *, to="alice", key="k"):
        amount = Amount(Decimal(number), asset)
        return wallet.Credit(account_id=people.get(to, 0), amount=amount, key=key)

    return SimpleNamespace(request=request, at=NOON, **people)


@pytest.fixture
def world(db):
    return build()


@pytest.fixture
def committed_world(committed_db):
    return build()
