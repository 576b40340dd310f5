"""A mail about security says where a request came from, as far as the operator's file knows."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts.models import Account, User
from tests.accounts import mmdb
from tests.notices import outbox

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
BERLIN = {
    "city": {"names": {"en": "Berlin", "zh-CN": "柏林"}},
    "country": {"names": {"en": "Germany", "zh-CN": "德国"}},
}


@pytest.fixture(autouse=True)
def _geoip(settings, tmp_path):
    settings.GEOIP_FILE = tmp_path / "places.mmdb"
    mmdb.write(settings.GEOIP_FILE, {"8.8.0.0/16": BERLIN})


def mail(ip, *, language="en"):
    user = User.objects.create(email="alice@example.org", language=language, password="x")
    Account.objects.create(user=user, opened_at=AT)
    facts = {"ip": ip, "device": "Firefox on Linux"}
    message = accounts.Message(kind="logged_in", user_id=user.pk, facts=facts)
    with transaction.atomic():
        messenger.tell([message], at=AT)
    return outbox.messages("alice@example.org")[-1].body


def test_a_mail_names_the_place():
    assert "From: 8.8.4.4, Berlin, Germany (Firefox on Linux)" in mail("8.8.4.4")


def test_a_mail_names_the_place_in_its_language():
    assert "来源：8.8.4.4，柏林, 德国（Firefox on Linux）" in mail("8.8.4.4", language="zh-hans")


@pytest.mark.parametrize("ip", ["9.9.9.9", "192.168.0.5", "2001:db8::1"])
def test_without_a_place_the_address_is_enough(ip):
    assert f"From: {ip} (Firefox on Linux)" in mail(ip)
