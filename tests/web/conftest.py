"""What the tests of pages share: assets with prices, and people."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import User
from mooring.assets.models import Asset, Price

OPENING = datetime(2026, 1, 1, tzinfo=UTC)
PASSWORD = "four random harbour words"


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    cache.clear()


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
    from allauth.account.models import EmailAddress
    from django.db import transaction

    user = User(email="alice@example.com")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    with transaction.atomic():
        accounts.open_account_of(user, at=OPENING)
    return user


@pytest.fixture
def member(client: Client, alice: User) -> Client:
    """A browser in which Alice is logged in."""
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
