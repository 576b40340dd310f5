"""A product in full, and its calculator: exact figures, plain answers to wrong input."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from mooring.assets.models import Asset
from mooring.earn import api as earn
from mooring.kernel import clock

from . import corpus
from .conftest import Staked
from .test_catalogue import offer
from .test_earn_pages import text_of

pytestmark = pytest.mark.django_db
LOCKED, FLEXIBLE = "/earn/products/Btc*60", "/earn/products/BTC001"


def figures_of(response: object) -> list[str]:
    """Return every amount of a page with all its digits, in the page's order."""
    page = response.content.decode()  # type: ignore[attr-defined]
    return re.findall(r'class="amount[^"]*" title="([^"]+)"', page)


def test_a_product_says_everything_before_anybody_enters(client: Client, staked: Staked) -> None:
    offer(
        maximum=Decimal(4),
        quota_per_person=Decimal(6),
        quota_total=Decimal(50),
        excluded_countries=("DE", "FR"),
        minimum_remaining=Decimal("0.5"),
    )
    page = client.get(FLEXIBLE)
    said = text_of(page)
    for fact in (
        *("Bitcoin · Flexible", "1.20%", "a year, may change", "Leave at any time", "At once"),
        *("Least that may stay", "At most at a time", "At most per person"),
        *("6 BTC per person · 50 BTC for everybody together", "France, Germany", "BTC001-"),
    ):
        assert fact in said, fact
    assert figures_of(page) == ["0.5 BTC", "0.0001 BTC", "4 BTC", "6 BTC"]
    assert "What would it bring?" in said
    assert "You have then" not in said


def test_a_locked_product_is_reckoned_to_the_last_digit(client: Client, staked: Staked) -> None:
    page = client.get(f"{LOCKED}?amount=2&days=10")
    said = text_of(page)
    for fact in ("Rewards of 10 days", "Leave early", "Stay to the end", "You have then"):
        assert fact in said, fact
    assert "estimate" not in said
    # A day of 2 at 3.65 % is 0.0002; leaving early gives back what ten days paid.
    put_in, rewards = "2 BTC", "0.002 BTC"
    early = ["2 BTC", "-0.002 BTC", "0 BTC", "1.998 BTC", "2 BTC"]
    end = ["2 BTC", "0 BTC", "2 BTC", "2.012 BTC"]
    assert figures_of(page)[:11] == [put_in, rewards, *early, *end]


def test_a_bound_product_shows_its_end_only(client: Client, staked: Staked) -> None:
    said = text_of(client.get("/earn/products/Btc*90?amount=1&days=10"))
    assert "Stay to the end" in said
    assert "Leave early" not in said


def test_a_flexible_product_is_an_estimate_and_says_so(client: Client, staked: Staked) -> None:
    page = client.get(f"{FLEXIBLE}?amount=1&days=1")
    said = text_of(page)
    assert "An estimate at the rate in force today, 1.20% a year." in said
    assert "Leave the fast way" in said
    # 1.2 % by the minute: 0.00003287…, compounded.
    fast = ["1.00003287 BTC", "0 BTC", "1.00003287 BTC", "1.00003287 BTC"]
    assert figures_of(page)[:6] == ["1 BTC", "0.00003287 BTC", *fast]


def test_the_bonus_and_every_way_out_are_part_of_the_estimate(
    client: Client, staked: Staked
) -> None:
    offer(fee_rate=Decimal("0.001"), standard_days=3, daily_limit_per_person=Decimal("1.5"))
    now = clock.now()
    tiers = [
        earn.Tier(above=Decimal(0), up_to=Decimal(5), rate=Decimal("0.05")),
        earn.Tier(above=Decimal(5), up_to=Decimal(10), rate=Decimal("0.03")),
    ]
    earn.set_daily_rates(
        product_code="BTC001",
        asset="BTC",
        tiers=tiers,
        from_day=(now + timedelta(days=1)).date(),
        at=now,
    )
    earn.set_rate(product_code="BTC001", apr=Decimal(0), at=now + timedelta(minutes=2))
    clock.advance(timedelta(days=1))
    page = client.get(f"{FLEXIBLE}?amount=7&days=2")
    said = text_of(page)
    for fact in (
        *("of 1 whole UTC day", "Leave the fast way", "Leave the standard way"),
        *("0 BTC – 5 BTC", "5.00% a year", "it waits for the next UTC day"),
    ):
        assert fact in said, fact
    fast = ["7 BTC", "-0.007 BTC", "6.993 BTC", "6.99384931 BTC"]
    standard = ["7 BTC", "0 BTC", "7 BTC", "7.00084931 BTC"]
    assert figures_of(page)[:11] == ["7 BTC", "0 BTC", "0.00084931 BTC", *fast, *standard]


def test_a_token_is_reckoned_at_its_ratio_and_promises_nothing(
    client: Client, staked: Staked
) -> None:
    now, decimals = clock.now(), {"ledger_decimals": 18, "display_decimals": 8}
    for code in ("ETH", "WBETH"):
        Asset.objects.create(code=code, name=code, kind="CRYPTO", reward_decimals=8, **decimals)
    earn.publish_liquid(
        code="ETH-WBETH",
        asset="ETH",
        token="WBETH",
        offer=earn.Offer(minimum=Decimal("0.0001")),
        effective_from=now,
    )
    path = "/earn/products/ETH-WBETH?amount=1&days=30"
    refused = client.get(path)
    assert refused.status_code == 422
    assert "not published yet" in text_of(refused)
    earn.publish_ratio(product_code="ETH-WBETH", ratio=Decimal("1.03"), effective_from=now, at=now)
    earn.publish_unbonding(asset="ETH", hours_min=96, hours_max=480, effective_from=now, at=now)
    page = client.get(path)
    said = text_of(page)
    for fact in ("no reward is promised", "You hold for it", "Give the token back", "4 to 20 days"):
        assert fact in said, fact
    assert "0.97087378 WBETH" in figures_of(page)


def test_what_was_reckoned_with_is_carried_to_subscribing(member: Client, staked: Staked) -> None:
    page = member.get(f"{FLEXIBLE}?amount=0.25&days=7").content.decode()
    assert 'href="/earn/products/BTC001/subscribe?amount=0.25"' in page
    assert member.get("/earn/products/BTC001/subscribe?amount=0.25").status_code == 200


def test_who_cannot_enter_is_told_why_and_may_still_calculate(
    client: Client, staked: Staked
) -> None:
    earn.set_subscriptions_open(product_code="BTC001", is_open=False)
    page = client.get(f"{FLEXIBLE}?amount=1&days=30")
    assert "takes no new money at the moment" in text_of(page)
    assert "You have then" in text_of(page)
    assert "BTC001/subscribe" not in page.content.decode()


@pytest.mark.parametrize(
    ("case", "sent", "field", "words"),
    [
        ("no number", {"amount": "one"}, "amount", "plain digits with at most 8 decimals"),
        ("nothing", {"amount": ""}, "amount", "plain digits"),
        ("too fine", {"amount": "0.123456789"}, "amount", "at most 8 decimals"),
        ("zero", {"amount": "0"}, "amount", "from 0.01000000 BTC to 1,000,000,000,000"),
        ("too little", {"amount": "0.001"}, "amount", "from 0.01000000 BTC"),
        ("too much", {"amount": "99999999999999999999"}, "amount", "to 1,000,000,000,000"),
        ("no days", {"days": ""}, "days", "Write whole days, from 1 to 60."),
        ("no day", {"days": "0"}, "days", "from 1 to 60"),
        ("half a day", {"days": "1.5"}, "days", "from 1 to 60"),
        ("more than the term", {"days": "61"}, "days", "from 1 to 60"),
        ("other digits", {"days": "\N{FULLWIDTH DIGIT ONE}"}, "days", "from 1 to 60"),
    ],
)
def test_wrong_input_says_which_field_and_what_is_allowed(
    client: Client, staked: Staked, case: str, sent: dict[str, str], field: str, words: str
) -> None:
    answer = client.get(LOCKED, {"amount": "1", "days": "10"} | sent)
    page = answer.content.decode()
    assert answer.status_code == 422, case
    assert words in text_of(answer), case
    for name in ("amount", "days"):
        assert (f'id="{name}-error"' in page) == (name == field), case
    assert page.count('aria-invalid="true"') == 1, case


def test_both_fields_can_be_wrong_at_once(client: Client, staked: Staked) -> None:
    page = client.get(f"{LOCKED}?amount=x&days=y").content.decode()
    assert 'id="amount-error"' in page
    assert 'id="days-error"' in page


@pytest.mark.parametrize("field", ["amount", "days"])
@pytest.mark.parametrize("path", [LOCKED, FLEXIBLE])
def test_a_bad_value_is_no_fault(client: Client, staked: Staked, path: str, field: str) -> None:
    wrong = [
        value
        for value in corpus.values()[::2]
        if client.get(path, {"amount": "1", "days": "10"} | {field: value}).status_code
        not in {200, 400, 422}
    ]
    assert wrong == []


def test_an_absent_product_is_not_found(client: Client, staked: Staked) -> None:
    assert client.get("/earn/products/nothing").status_code == 404


def test_the_page_speaks_chinese(client: Client, staked: Staked) -> None:
    answer = client.get(f"{FLEXIBLE}?amount=1&days=30", headers={"Accept-Language": "zh-hans"})
    said = text_of(answer)
    assert "按今日有效利率估算" in said
    assert "estimate" not in said


def test_search_finds_a_product_where_strangers_may_read_it(client: Client, staked: Staked) -> None:
    assert f'href="{LOCKED}"' in client.get("/search?q=btc*60").content.decode()
