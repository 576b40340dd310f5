"""The overview says what everything earned, what it is made of and how rates were."""

from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal

import pytest
from django.test import Client

from mooring.accounts.models import User
from mooring.assets import api as assets
from mooring.assets.models import Price
from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet

from .conftest import OPENING, Staked
from .signing_in import sign_in
from .test_earn_pages import text_of

pytestmark = pytest.mark.django_db


def eth_staked(staked: Staked) -> int:
    """Alice stakes 10 ETH, worth 2,000 USD each, for a token worth 1.08."""
    now = clock.now()
    assets.register(
        [
            assets.Asset(code="ETH", name="Ether", ledger_decimals=18),
            assets.Asset(code="WBETH", name="Wrapped Beacon ETH"),
        ]
    )
    Price.objects.create(asset_id="ETH", usd=Decimal(2000), valid_from=OPENING, source="test")
    credit = wallet.Credit(
        account_id=staked.account_id, amount=Amount(Decimal(10), "ETH"), key="eth"
    )
    wallet.credit_one(credit, at=now)
    earn.publish_liquid(
        code="ETH2",
        asset="ETH",
        token="WBETH",
        offer=earn.Offer(minimum=Decimal("0.0001")),
        effective_from=now - timedelta(days=3),
    )
    for back, ratio in ((2, "1.07"), (1, "1.08")):
        at = now - timedelta(days=back)
        earn.publish_ratio(product_code="ETH2", ratio=Decimal(ratio), effective_from=at, at=at)
    request = earn.Subscription(
        account_id=staked.account_id,
        product_code="ETH2",
        amount=Amount(Decimal(10), "ETH"),
        key="stake",
    )
    earn.stake_one(request, at=now)
    [position] = [
        one
        for one in earn.list_positions(account_id=staked.account_id, at=now)
        if one.kind == "LIQUID"
    ]
    return position.id


def test_rewards_of_yesterday_and_to_date_are_those_of_the_book(
    member: Client, staked: Staked
) -> None:
    [earned] = earn.rewards_earned(account_id=staked.account_id, at=clock.now())
    assert earned.to_date.number > earned.yesterday.number > 0
    words = text_of(member.get("/earn"))
    by_day = earn.rewards_by_day(account_id=staked.account_id, at=clock.now())
    assert sum(day.amount.number for day in by_day) == earned.to_date.number
    worth = (earned.to_date.number * 90_000).quantize(Decimal("0.1"), rounding=ROUND_FLOOR)
    assert f"Earned to date {worth:,}" in words
    for day in by_day:
        assert day.day.isoformat() in words


def test_what_was_earned_yesterday_is_the_last_day_that_is_over(
    member: Client, staked: Staked
) -> None:
    now = clock.now()
    yesterday = now.date() - timedelta(days=1)
    by_day = earn.rewards_by_day(account_id=staked.account_id, at=now)
    [earned] = [day.amount for day in by_day if day.day == yesterday]
    worth = (earned.number * 90_000).quantize(Decimal("0.1"), rounding=ROUND_FLOOR)
    assert f"Earned yesterday (UTC) {worth:,}" in text_of(member.get("/earn"))


def test_what_a_product_pays_by_the_day_is_drawn_with_its_table(
    member: Client, staked: Staked
) -> None:
    assets.register([assets.Asset(code="USDT", name="Tether")])
    today = clock.now().date()
    earlier = [earn.Tier(above=Decimal(0), up_to=None, rate=Decimal("0.02"))]
    tiers = [
        earn.Tier(above=Decimal(0), up_to=Decimal(5), rate=Decimal("0.05")),
        earn.Tier(above=Decimal(5), up_to=None, rate=Decimal("0.01")),
    ]
    for back, rates, asset in ((9, earlier, "BTC"), (2, tiers, "BTC"), (2, earlier, "USDT")):
        day = today - timedelta(days=back)
        at = datetime.combine(day - timedelta(days=1), time.min, tzinfo=UTC)
        earn.set_daily_rates(product_code="BTC001", asset=asset, tiers=rates, from_day=day, at=at)
    for page in ("/earn/products/BTC001", f"/earn/positions/{staked.flexible}"):
        response = member.get(page)
        assert response.content.decode().count('class="chart__line"') == 3, page
        words = text_of(response)
        assert "Bonus a year, by the day: the best tier" in words
        assert "now: 5.00%, 1.00% above 5 BTC" in words
        assert "Extra reward a year in USDT, by the day: the best tier" in words
        assert "Bonus" not in text_of(member.get("/earn/products/Btc*60"))


def test_what_it_is_made_of_is_said_in_shares(member: Client, staked: Staked) -> None:
    eth_staked(staked)
    words = text_of(member.get("/earn"))
    composed = words[words.index("By asset BTC") :]
    # About 6 BTC at 90,000 beside about 10 ETH at 2,000.
    for share in ("BTC 96.4%", "ETH 3.5%", "Flexible 16.", "Locked 8", "Liquid staking 3.5%"):
        assert share in composed, share
    assert "Liquid staking earns by its ratio" in words


def test_the_rate_that_may_change_is_drawn_with_its_table(member: Client, staked: Staked) -> None:
    page = member.get("/earn").content.decode()
    assert 'class="chart__line"' in page
    words = text_of(member.get("/earn"))
    assert "Rate a year over time BTC001" in words
    assert 'href="/earn/products/BTC001"' in page


def test_somebody_without_positions_sees_no_chart(client: Client, alice: User) -> None:
    sign_in(client, alice)
    page = client.get("/earn").content.decode()
    assert "chart__svg" not in page
    assert "What you stake would be here" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?asset=BTC", {"BTC001", "Btc*60", "Btc*90"}),
        ("?asset=ETH", {"ETH2"}),
        ("?kind=LIQUID", {"ETH2"}),
        ("?kind=LIQUID&asset=BTC", set()),
        ("?kind=LOCKED&asset=BTC&find=60", {"Btc*60"}),
        ("?asset=NONE", set()),
        ("?asset=%ff%3Cb%3E", set()),
        ("?kind=nonsense", {"BTC001", "Btc*60", "Btc*90", "ETH2"}),
    ],
)
def test_filters_narrow_together(
    member: Client, staked: Staked, query: str, found: set[str]
) -> None:
    eth_staked(staked)
    response = member.get(f"/earn{query}")
    assert response.status_code == 200
    listed = response.content.decode().partition("Your positions")[2]
    listed = listed.partition("</form>")[2].partition("chart")[0]
    names = {
        "BTC001": "Flexible",
        "Btc*60": "Locked 60 days",
        "Btc*90": "Locked 90 days",
        "ETH2": "Liquid staking",
    }
    assert {code for code, name in names.items() if name in listed} == found


def test_a_position_shows_its_own_days_and_its_rate(member: Client, staked: Staked) -> None:
    liquid = eth_staked(staked)
    locked = text_of(member.get(f"/earn/positions/{staked.locked}"))
    own = earn.rewards_by_day(
        account_id=staked.account_id, at=clock.now(), position_id=staked.locked
    )
    assert own
    for day in own:
        assert day.day.isoformat() in locked
    assert "Rate a year over time" not in locked
    assert "Rate a year over time" in text_of(member.get(f"/earn/positions/{staked.flexible}"))
    words = text_of(member.get(f"/earn/positions/{liquid}"))
    assert "What one WBETH was worth" in words
    assert "9.25925925 WBETH" in words
    assert "One WBETH is worth rises with its rewards 1.08 000000 ETH" in words
    assert "Rewards pending" not in words
    assert "Staked for a token" in words.partition("What happened")[2]
    assert "1.07" in words
    assert "1.08" in words


def test_the_history_of_a_position_is_a_page_of_its_own(member: Client, staked: Staked) -> None:
    page = member.get(f"/earn/positions/{staked.locked}").content.decode()
    assert f"?position={staked.locked}" in page
    address = f"/history?position={staked.locked}"
    mine = member.get(address).content.decode().partition("<tbody")[2]
    assert "Subscribed, locked" in mine
    assert "Subscribed, flexible" not in mine
    everything = member.get("/history").content.decode().partition("<tbody")[2]
    assert "Subscribed, flexible" in everything
    for nonsense in ("x", "-1", "9" * 30, "0"):
        assert member.get(f"/history?position={nonsense}").status_code == 200


def test_another_person_s_position_has_no_history(client: Client, staked: Staked) -> None:
    other = User(email="mallory@example.com")
    other.set_password("another pass word entirely")
    other.save()
    from django.db import transaction

    from mooring.accounts import api as accounts

    with transaction.atomic():
        accounts.open_account_of(other, at=OPENING)
    sign_in(client, other)
    words = text_of(client.get(f"/history?position={staked.locked}"))
    assert "Nothing moved that fits these filters." in words


def test_a_product_shows_how_its_rate_was(client: Client, staked: Staked) -> None:
    eth_staked(staked)
    for code, name in (
        ("BTC001", "Rate a year over time"),
        ("Btc*60", "Rate a year that was offered"),
        ("ETH2", "What one WBETH was worth"),
    ):
        assert name in text_of(client.get(f"/earn/products/{code}")), code
