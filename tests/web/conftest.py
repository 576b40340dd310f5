"""What the tests of pages share: assets with prices, and people."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import User
from mooring.assets.models import Asset, Price
from mooring.earn import api as earn
from mooring.kernel import clock, jobs
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet
from tests.web.signing_in import sign_in

OPENING = datetime(2026, 1, 1, tzinfo=UTC)
PASSWORD = "four random harbour words"


class Staked(NamedTuple):
    """Whose positions, and their numbers."""

    account_id: int
    flexible: int
    locked: int
    bound: int


@pytest.fixture
def assets(db: None) -> None:
    """Register three assets; DOT has no price."""
    for code, name, kind, decimals in [
        ("BTC", "Bitcoin", "CRYPTO", 8),
        ("DOT", "Polkadot", "CRYPTO", 10),
        ("EUR", "Euro", "FIAT", 2),
    ]:
        Asset.objects.create(
            code=code,
            name=name,
            kind=kind,
            ledger_decimals=decimals,
            display_decimals=min(decimals, 8),
            reward_decimals=8,
        )
    for code, usd in [("BTC", "90000"), ("EUR", "1.08")]:
        Price.objects.create(asset_id=code, usd=Decimal(usd), valid_from=OPENING, source="test")


@pytest.fixture
def alice(db: None) -> User:
    """Alice has an account and has confirmed her address."""
    from django.db import transaction

    user = User(email="alice@example.com")
    user.set_password(PASSWORD)
    user.save()
    with transaction.atomic():
        accounts.open_account_of(user, at=OPENING)
    return user


@pytest.fixture
def member(client: Client, alice: User) -> Client:
    """A browser in which Alice is logged in."""
    sign_in(client, alice)
    return client


@pytest.fixture
def staked(alice: User, assets: None) -> Staked:
    """Alice holds a flexible and a locked position in BTC, and one that is bound to its end."""
    return stake(alice)


def stake(user: User) -> Staked:
    """Give a person money and three positions, ten days old."""
    now = clock.now()
    start = now - timedelta(days=10)
    account_id = accounts.find_account_id(email=user.email)
    assert account_id is not None
    _publish(start - timedelta(days=1))
    btc = Amount(Decimal(10), "BTC")
    wallet.credit([wallet.Credit(account_id=account_id, amount=btc, key=f"w{user.pk}")], at=start)
    positions = []
    for code, amount in (("BTC001", "1"), ("Btc*60", "2"), ("Btc*90", "3")):
        asked = earn.Subscription(
            account_id=account_id,
            product_code=code,
            amount=Amount(Decimal(amount), "BTC"),
            key=f"stake.{len(positions)}.{user.pk}",
        )
        [done] = earn.subscribe([asked], at=start)
        assert isinstance(done, earn.Subscribed), done
        positions.append(done.position_id)
    for job in jobs.declared():
        jobs.run(job, at=now)
    return Staked(account_id, *positions)


def _publish(at: datetime) -> None:
    earn.publish(
        code="BTC001",
        kind="FLEXIBLE",
        asset="BTC",
        offer=earn.Offer(minimum=Decimal("0.0001"), minimum_remaining=Decimal("0.01")),
        effective_from=at,
    )
    earn.set_rate(product_code="BTC001", apr=Decimal("0.012"), at=at)
    for code, days, early in (("Btc*60", 60, "ALLOWED"), ("Btc*90", 90, "NONE")):
        earn.publish(
            code=code,
            kind="LOCKED",
            asset="BTC",
            offer=earn.Offer(
                minimum=Decimal("0.01"),
                apr=Decimal("0.0365"),
                duration_days=days,
                redeem_period_days=1,
                early_redemption=early,
                delivery_hours_min=48,
                delivery_hours_max=72,
                grace_seconds=1800,
            ),
            effective_from=at,
        )
