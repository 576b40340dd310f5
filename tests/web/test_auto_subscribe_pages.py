"""Automatic subscriptions are switched on with the terms ticked, and off with one click."""

import pytest
from django.test import Client

from mooring.earn import api as earn
from mooring.kernel import db
from mooring.web import terms

from .conftest import Staked
from .test_earn_pages import text_of

pytestmark = pytest.mark.django_db
PATH = "/earn/auto-subscribe"
ON = {"product": "BTC001", "switch": "on"}


def test_it_is_switched_on_and_off(member: Client, staked: Staked) -> None:
    assert "at 02:00 UTC" in text_of(member.get(PATH))
    refused = member.post(PATH, ON)
    assert refused.status_code == 422
    assert "accept the terms" in text_of(refused)
    done = member.post(PATH, ON | {"terms": terms.VERSION}, follow=True)
    assert "Switch off" in text_of(done)
    [wish] = earn.list_auto_subscriptions(account_id=staked.account_id)
    assert wish.product_code == "BTC001"
    assert db.rows("SELECT consent_version FROM earn_auto_subscription") == [(terms.VERSION,)]
    assert "Automatic subscription On" in text_of(member.get(f"/earn/positions/{staked.flexible}"))
    member.post(PATH, {"product": "BTC001", "switch": "off"})
    assert earn.list_auto_subscriptions(account_id=staked.account_id) == ()


@pytest.mark.parametrize("product", ["Btc*60", "", "NONE", "x" * 500])
def test_what_cannot_be_switched_on_is_said(member: Client, staked: Staked, product: str) -> None:
    answer = member.post(PATH, {"product": product, "switch": "on", "terms": "1"})
    assert answer.status_code == 422
    assert earn.list_auto_subscriptions(account_id=staked.account_id) == ()
