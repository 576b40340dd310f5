"""Subscribing on the pages: which wallet pays, what was agreed to, and where it is offered."""

from decimal import Decimal

import pytest
from django.test import Client

from mooring.earn import api as earn
from mooring.kernel import clock, db
from mooring.wallet import api as wallet
from mooring.web import terms

from .conftest import Staked
from .test_earn_pages import text_of, token_of

pytestmark = pytest.mark.django_db
PATH = "/earn/products/BTC001/subscribe"


def lives_in(account_id: int, country: str) -> None:
    db.execute("UPDATE accounts_account SET country = %s WHERE id = %s", [country, account_id])


def offer(**changes: object) -> None:
    terms_of = {"minimum": Decimal("0.0001")} | changes
    earn.publish(
        code="BTC001",
        kind="FLEXIBLE",
        asset="BTC",
        offer=earn.Offer(**terms_of),  # type: ignore[arg-type]
        effective_from=clock.now(),
    )


def test_the_wallet_that_pays_is_chosen_and_the_consent_is_kept(
    member: Client, staked: Staked
) -> None:
    position = f"/earn/positions/{staked.flexible}/redeem"
    quote = token_of(member.get(f"{position}?amount=0.5&destination=FUNDING"), "quote")
    member.post(f"{position}/confirm", {"quote": quote, "terms": "1"})
    assert "does not cover" in text_of(member.get(f"{PATH}?amount=0.6&source=FUNDING"))
    shown = member.get(f"{PATH}?amount=0.4&source=FUNDING")
    assert 'data-max="0.5' in shown.content.decode()
    member.post(PATH, {"token": token_of(shown, "token"), "terms": "1"})
    [held] = wallet.balances(account_id=staked.account_id, at=clock.now())
    assert held.funding.number == Decimal("0.1")
    [found] = db.rows(
        "SELECT from_funding, consent_version FROM earn_subscription ORDER BY id DESC LIMIT 1"
    )
    assert found == (Decimal("0.4"), terms.VERSION)


@pytest.mark.parametrize("source", ["", "EVERYTHING", "funding"])
def test_another_source_than_offered_is_spot(member: Client, staked: Staked, source: str) -> None:
    shown = member.get(PATH, {"amount": "0.4", "source": source})
    assert shown.status_code == 200
    assert 'value="SPOT" checked' in shown.content.decode()


def test_a_product_is_shown_as_not_offered_and_its_way_out_stays_open(
    member: Client, staked: Staked
) -> None:
    offer(excluded_countries=("DE", "FR"))
    assert "verify first" in text_of(member.get("/earn/products"))
    asked = member.get(f"{PATH}?amount=0.4")
    assert "Verify your identity first" in text_of(asked)
    lives_in(staked.account_id, "DE")
    assert "Not offered in your country" in text_of(member.get("/earn/products"))
    asked = member.get(f"{PATH}?amount=0.4")
    assert asked.status_code == 422
    assert "not offered in your country" in text_of(asked)
    quote = token_of(member.get(f"/earn/positions/{staked.flexible}/redeem?all=1"), "quote")
    path = f"/earn/positions/{staked.flexible}/redeem/confirm"
    assert "Arrived" in text_of(member.post(path, {"quote": quote, "terms": "1"}, follow=True))
    lives_in(staked.account_id, "SG")
    assert "Not offered" not in text_of(member.get("/earn/products"))
    assert member.get(f"{PATH}?amount=0.4").status_code == 200


def test_a_stranger_sees_the_catalogue_as_it_is(client: Client, staked: Staked) -> None:
    offer(excluded_countries=("DE",))
    assert "Not offered" not in text_of(client.get("/earn/products"))


def test_maximum_and_total_quota_are_said(member: Client, staked: Staked) -> None:
    offer(maximum=Decimal("0.5"), quota_total=Decimal("1.3"))
    shown = text_of(member.get(f"{PATH}?amount=0.6"))
    assert "The most this product takes at a time is 0.50000000 BTC" in shown
    assert "at most at a time 0.5" in shown
    full = text_of(member.get(f"{PATH}?amount=0.4"))
    assert "all customers together have room for 0.2" in full
