"""Staking for a token and giving it back, on the pages: what is shown is what is done, once."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet
from tests.web import corpus

pytestmark = pytest.mark.django_db
STAKE = "/earn/products/ETH2/subscribe"


@pytest.fixture(autouse=True)
def _there_is_a_token(staked):
    """A day ago ETH could first be staked; alice has ten."""
    assets.register(
        [assets.Asset(code="ETH", name="Ether", ledger_decimals=18),
         assets.Asset(code="WBETH", name="Wrapped Beacon ETH")]
    )  # fmt: skip
    at = clock.now() - timedelta(days=1)
    credit = wallet.Credit(
        account_id=staked.account_id, amount=Amount(Decimal(10), "ETH"), key="eth"
    )
    wallet.credit_one(credit, at=at)
    offer = earn.Offer(minimum=Decimal("0.001"), daily_limit_per_person=Decimal(5))
    earn.publish_liquid(code="ETH2", asset="ETH", token="WBETH", offer=offer, effective_from=at)
    earn.publish_ratio(product_code="ETH2", ratio=Decimal("1.08"), effective_from=at, at=at)
    earn.publish_unbonding(asset="ETH", hours_min=48, hours_max=480, effective_from=at, at=at)


def text(response):
    page = response.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def token_of(response, name="token"):
    return re.search(rf'name="{name}" value="([^"]+)"', response.content.decode())[1]


def spot(staked, asset):
    found = wallet.balances(account_id=staked.account_id, at=clock.now())
    return next((one.spot_available.number for one in found if one.asset == asset), Decimal(0))


@pytest.fixture
def position(member, staked):
    """Alice staked 5.4 ETH and has five tokens."""
    shown = member.get(STAKE, {"amount": "5.4"})
    member.post(STAKE, {"token": token_of(shown), "terms": "1"})
    [found] = earn.list_positions(account_id=staked.account_id, at=clock.now(), asset="ETH")
    return found.id


def test_staking_gives_the_tokens_that_were_shown(member, staked):
    page = text(member.get(STAKE))
    assert "the way out" in page
    shown = member.get(STAKE, {"amount": "5.4"})
    assert "5.00000000 WBETH" in text(shown)
    sent = {"token": token_of(shown), "terms": "1"}
    for _click in range(2):
        answer = member.post(STAKE, sent)
        assert answer.status_code == 302
    assert (spot(staked, "WBETH"), spot(staked, "ETH")) == (Decimal(5), Decimal("4.6"))
    assert member.get(answer.headers["Location"]).status_code == 200
    for page in ("/", "/earn", "/earn/ETH", "/wallet", "/history", "/earn/products/ETH2"):
        assert member.get(page).status_code == 200, page


def test_without_the_terms_or_under_another_ratio_nothing_is_staked(member, staked):
    shown = member.get(STAKE, {"amount": "5.4"})
    refused = member.post(STAKE, {"token": token_of(shown)})
    assert refused.status_code == 422
    assert "accept the terms" in text(refused)
    at = clock.now()
    earn.publish_ratio(product_code="ETH2", ratio=Decimal("1.2"), effective_from=at, at=at)
    refused = member.post(STAKE, {"token": token_of(shown), "terms": "1"})
    assert refused.status_code == 422
    assert "have changed, so nothing was moved" in text(refused)
    assert "4.50000000 WBETH" in text(refused)
    assert spot(staked, "WBETH") == 0


@pytest.mark.parametrize(
    ("amount", "says"),
    [("11", "not enough"), ("0.0001", "at least"), ("x", "amount"), ("0", "amount")],
)
def test_what_cannot_be_staked_is_said_on_the_page(member, staked, amount, says):
    answer = member.get(STAKE, {"amount": amount})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert spot(staked, "ETH") == 10, says


def test_giving_back_brings_what_was_shown_and_is_tracked(member, staked, position):
    redeem = f"/earn/positions/{position}/redeem"
    assert "5.00000000 WBETH" in text(member.get(redeem))
    shown = member.get(redeem, {"amount": "2.5"})
    words = text(shown)
    for fact in ("2.70000000 ETH", "2.50000000 WBETH", "cannot be taken back", "Stays with you"):
        assert fact in words, fact
    sent = {"unstaking": token_of(shown, "unstaking"), "terms": "1"}
    answer = member.post(f"{redeem}/confirm", sent)
    assert answer.headers["Location"].startswith("/redemptions/")
    again = member.post(f"{redeem}/confirm", sent)
    assert again.headers["Location"] == answer.headers["Location"]
    assert spot(staked, "WBETH") == Decimal("2.5")
    tracked = text(member.get(answer.headers["Location"]))
    assert "2.70000000 ETH" in tracked
    assert member.get("/redemptions").status_code == 200


def test_in_maintenance_it_waits_and_can_be_cancelled(member, staked, position):
    now = clock.now()
    earn.announce_window(
        earn.Maintenance(
            starts_at=now,
            expected_end=now + timedelta(hours=6),
            stops_subscriptions=False,
            stops_redemptions=True,
            reason="upgrade",
            author="ops",
            product_code="ETH2",
        ),
        at=now,
    )
    redeem = f"/earn/positions/{position}/redeem"
    shown = member.get(redeem, {"amount": "2.5"})
    assert "Redemptions wait for the end of maintenance. Only then the chain is asked." in text(
        shown
    )
    sent = {"unstaking": token_of(shown, "unstaking"), "terms": "1"}
    tracking = member.post(f"{redeem}/confirm", sent).headers["Location"]
    tracked = text(member.get(tracking))
    for said in (
        *("This waits for the end of maintenance", "Maintenance ends; can be cancelled until then"),
        *("Token given back, waits for the end of maintenance", "Undo this redemption"),
    ):
        assert said in tracked, said
    assert spot(staked, "WBETH") == Decimal("2.5")
    member.post(tracking.partition("?")[0] + "/undo")
    assert spot(staked, "WBETH") == 5
    assert "Token kept after all" in text(member.get("/history"))
    assert "Undone" in text(member.get(tracking))


def test_without_the_terms_or_after_its_time_nothing_is_given_back(member, staked, position):
    redeem = f"/earn/positions/{position}/redeem"
    shown = member.get(redeem, {"all": "1"})
    assert shown.status_code == 422
    assert 'role="alert"' in shown.content.decode(), "more than may be given back in a day"
    shown = member.get(redeem, {"amount": "1"})
    refused = member.post(f"{redeem}/confirm", {"unstaking": token_of(shown, "unstaking")})
    assert refused.status_code == 409
    at = clock.now()
    earn.publish_ratio(product_code="ETH2", ratio=Decimal("1.09"), effective_from=at, at=at)
    late = {"unstaking": token_of(shown, "unstaking"), "terms": "1"}
    refused = member.post(f"{redeem}/confirm", late)
    assert refused.status_code == 409
    assert "1.09000000 ETH" in text(refused), "the figures of now"
    assert spot(staked, "WBETH") == 5


def test_no_token_of_another_person_or_position_gives_anything_back(member, staked, position):
    redeem = f"/earn/positions/{position}/redeem"
    shown = member.get(redeem, {"amount": "1"})
    sent = {"unstaking": token_of(shown, "unstaking"), "terms": "1"}
    elsewhere = f"/earn/positions/{staked.flexible}/redeem"
    for bad in (sent | {"unstaking": "x"}, sent | {"unstaking": sent["unstaking"][:-2]}):
        assert member.post(f"{redeem}/confirm", bad).headers["Location"] == redeem
    assert member.post(f"{elsewhere}/confirm", sent).headers["Location"] == elsewhere
    assert spot(staked, "WBETH") == 5


def test_no_input_breaks_these_pages(member, staked, position):
    redeem = f"/earn/positions/{position}/redeem"
    for bad in corpus.values()[::6]:
        for field in ("amount", "source"):
            assert member.get(STAKE, {"amount": "1", field: bad}).status_code < 500, bad[:40]
        for field in ("amount", "destination"):
            assert member.get(redeem, {"amount": "1", field: bad}).status_code < 500, bad[:40]
        assert member.post(STAKE, {"token": bad, "terms": "1"}).status_code < 500, bad[:40]
        answer = member.post(f"{redeem}/confirm", {"unstaking": bad, "terms": "1"})
        assert answer.status_code < 500, bad[:40]
    assert spot(staked, "WBETH") == 5


def test_a_token_is_valued_by_its_ratio_and_counted_once(member, staked, position):
    before = member.get("/wallet").context["page"]
    assert set(before.unpriced) == {"ETH", "WBETH"}
    now = clock.now()
    quote = assets.Quote(asset="ETH", usd=Decimal(2000), valid_from=now, source="test")
    assets.quote_prices([quote])
    after = member.get("/wallet").context["page"]
    assert after.unpriced == ()
    # 4.6 ETH, and five tokens at 1.08.
    worth = Decimal(2000) * (Decimal("4.6") + Decimal("5.4"))
    assert after.total.number - before.total.number == worth
    assert member.get("/").context["page"].total == after.total
