"""What somebody agrees to is named, linked, kept, and no other than what they were shown."""

from decimal import Decimal

import pytest
from django.test import Client

from mooring.earn import api as earn
from mooring.kernel import clock, db
from mooring.web import terms

from .conftest import Staked
from .test_catalogue import offer
from .test_earn_pages import spot_of, text_of, token_of

pytestmark = pytest.mark.django_db
PATH = "/earn/products/BTC001/subscribe"


def kept() -> str:
    [[version]] = db.rows("SELECT consent_version FROM earn_subscription ORDER BY id DESC LIMIT 1")
    return str(version)


def test_the_text_that_is_agreed_to_is_named_and_linked(member: Client, staked: Staked) -> None:
    shown = member.get(f"{PATH}?amount=0.4")
    assert f"Text of the terms, version {terms.VERSION}" in text_of(shown)
    assert '<a class="link" href="/terms">' in shown.content.decode()
    assert f"Version {terms.VERSION}" in text_of(member.get("/terms"))


def test_it_is_kept_with_the_subscription_and_shown_with_the_position(
    member: Client, staked: Staked
) -> None:
    position = f"/earn/positions/{staked.flexible}"
    assert "You agreed to the text of" not in text_of(member.get(position))
    token = token_of(member.get(f"{PATH}?amount=0.4"), "token")
    answer = member.post(PATH, {"token": token, "terms": "1"})
    assert answer.headers["Location"] == position
    assert kept() == terms.VERSION
    assert f"You agreed to the text of Version {terms.VERSION}" in text_of(member.get(position))


@pytest.mark.parametrize("changed", ["the product's terms", "the text"])
def test_nothing_is_agreed_to_that_was_not_shown(
    member: Client, staked: Staked, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    before = spot_of(staked)
    token = token_of(member.get(f"{PATH}?amount=0.4"), "token")
    if changed == "the text":
        monkeypatch.setattr(terms, "VERSION", "2027-01")
    else:
        offer(fee_rate=Decimal("0.01"))
    answer = member.post(PATH, {"token": token, "terms": "1"})
    assert answer.status_code == 422
    assert "The terms have changed since you saw them" in text_of(answer)
    assert spot_of(staked) == before
    again = token_of(answer, "token")
    assert member.post(PATH, {"token": again, "terms": "1"}).status_code == 302
    assert before - spot_of(staked) == Decimal("0.4")
    assert kept() == terms.VERSION


def test_a_confirmation_sent_twice_is_one_although_terms_changed_in_between(
    member: Client, staked: Staked
) -> None:
    before = spot_of(staked)
    sent = {"token": token_of(member.get(f"{PATH}?amount=0.4"), "token"), "terms": "1"}
    assert member.post(PATH, sent).status_code == 302
    offer(fee_rate=Decimal("0.01"))
    assert member.post(PATH, sent).status_code in {302, 422}
    assert before - spot_of(staked) == Decimal("0.4")
    assert earn.get_product(code="BTC001", at=clock.now()).terms.fee_rate == Decimal("0.01")
