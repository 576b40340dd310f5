"""The catalogue: what can be entered, what leaving costs, what is left, and finding it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from mooring.assets.models import Asset
from mooring.earn import api as earn
from mooring.kernel import clock, db

from . import corpus
from .conftest import Staked
from .test_earn_pages import text_of

pytestmark = pytest.mark.django_db
PATH = "/earn/products"


def codes(response: object) -> list[str]:
    """Return the codes of the products of a page, in its order."""
    page = response.content.decode()  # type: ignore[attr-defined]
    return re.findall(r'<article class="product" data-code="([^"]+)"', page)


def offer(
    code: str = "BTC001", kind: str = "FLEXIBLE", asset: str = "BTC", **terms: object
) -> None:
    """Publish a product, or new terms of one."""
    earn.publish(
        code=code,
        kind=kind,  # type: ignore[arg-type]
        asset=asset,
        offer=earn.Offer(**({"minimum": Decimal("0.0001")} | terms)),  # type: ignore[arg-type]
        effective_from=clock.now(),
    )


def dots() -> None:
    offer("DOT001", asset="DOT")
    earn.set_rate(product_code="DOT001", apr=Decimal("0.08"), at=clock.now())


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["BTC001", "Btc*60", "Btc*90", "DOT001"]),
        ("kind=LOCKED", ["Btc*60", "Btc*90"]),
        ("kind=FLEXIBLE", ["BTC001", "DOT001"]),
        ("asset=DOT", ["DOT001"]),
        ("term=60", ["Btc*60"]),
        ("term=0", ["BTC001", "DOT001"]),
        ("find=polka", ["DOT001"]),
        ("find=btc*9", ["Btc*90"]),
        ("find=LOCKED+60", ["Btc*60"]),
        ("asset=BTC&kind=LOCKED&term=90", ["Btc*90"]),
        ("asset=BTC&kind=FLEXIBLE&term=90", []),
        ("sort=rate", ["DOT001", "Btc*60", "Btc*90", "BTC001"]),
        ("sort=term", ["BTC001", "DOT001", "Btc*60", "Btc*90"]),
        # What is not offered is as if not said.
        ("kind=LIQUID&asset=GOLD&term=7&sort=size", ["BTC001", "Btc*60", "Btc*90", "DOT001"]),
    ],
)
def test_products_are_found_filtered_and_sorted(
    client: Client, staked: Staked, query: str, shown: list[str]
) -> None:
    dots()
    assert codes(client.get(f"{PATH}?{query}")) == shown


def test_what_was_wished_stays_in_the_form(client: Client, staked: Staked) -> None:
    page = client.get(f"{PATH}?kind=LOCKED&asset=BTC&term=60&sort=rate&find=bit").content.decode()
    for chosen in ("LOCKED", "BTC", "60", "rate"):
        assert f'<option value="{chosen}" selected>' in page, chosen
    assert 'value="bit"' in page


@pytest.mark.parametrize("name", ["find", "kind", "asset", "term", "sort"])
def test_a_bad_wish_is_no_fault(client: Client, staked: Staked, name: str) -> None:
    wrong = [
        value
        for value in corpus.values()[::3]
        if client.get(PATH, {name: value}).status_code not in {200, 400}
    ]
    assert wrong == []


def test_what_cannot_be_entered_stands_last_and_says_why(client: Client, staked: Staked) -> None:
    earn.set_subscriptions_open(product_code="BTC001", is_open=False)
    page = client.get(PATH)
    assert codes(page)[-1] == "BTC001"
    assert "Closed to new money" in text_of(page)


def test_a_product_that_ends_says_when_and_is_gone_afterwards(
    client: Client, staked: Staked
) -> None:
    ends = clock.now() + timedelta(days=3)
    db.execute("UPDATE earn_product SET retires_at = %s WHERE code = 'Btc*60'", [ends])
    assert "everything comes back then" in text_of(client.get(PATH))
    clock.advance(timedelta(days=3, minutes=1))
    assert "Btc*60" not in codes(client.get(PATH))


def test_what_is_left_of_quotas_is_said_to_each_as_it_concerns_them(
    member: Client, staked: Staked
) -> None:
    offer(quota_per_person=Decimal(3), quota_total=Decimal(5))
    mine = text_of(member.get(PATH))
    held = db.rows("SELECT balance FROM ledger_account WHERE code = 2130")[0][0]
    assert f"{Decimal(3) - held:f}".rstrip("0") + " BTC for you" in mine
    assert f"{Decimal(5) - held:f}".rstrip("0") + " BTC for everybody together" in mine
    assert "Room left" in mine
    # A stranger is told the quotas: what is left is a sum over everybody's positions.
    strangers = text_of(Client().get(PATH))
    assert "Quotas 3 BTC per person · 5 BTC for everybody together" in strangers
    assert "for you" not in strangers


def test_a_full_product_takes_nobody_in(member: Client, staked: Staked) -> None:
    offer(quota_per_person=Decimal("0.5"))
    page = member.get(PATH)
    assert "Full at the moment" in text_of(page)
    assert codes(page)[-1] == "BTC001"
    assert "/earn/products/BTC001/subscribe" not in page.content.decode()
    assert "Full at the moment" not in text_of(Client().get(PATH))


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({}, ["Leave at any time; rewards are kept.", "At once"]),
        ({"fee_rate": Decimal("0.001")}, ["Fee: 0.10% of what leaves."]),
        (
            {"daily_limit_per_person": Decimal(2), "daily_limit_total": Decimal(9)},
            ["At once up to 2 BTC a day; what is more waits for the next UTC day, earning"],
        ),
        (
            {"fee_rate": Decimal("0.001"), "standard_days": 3},
            [
                "Fee of the fast way: 0.10% of what leaves. The standard way is free.",
                "At once. The standard way: after 3 days",
            ],
        ),
        (
            {
                "is_instant": False,
                "standard_days": 3,
                "fee_rate": Decimal("0.5"),
                "standard_fee_rate": Decimal("0.002"),
                "grace_seconds": 600,
            },
            [
                "rewards are kept. Fee: 0.20% of what leaves.",
                "Arrives The standard way: after 3 days · undo within 10 minutes",
            ],
        ),
    ],
)
def test_every_way_out_is_said_before_anybody_enters(
    client: Client, staked: Staked, terms: dict[str, object], words: list[str]
) -> None:
    offer(**terms)
    said = text_of(client.get(f"{PATH}?kind=FLEXIBLE"))
    for wanted in words:
        assert wanted in said, wanted


def test_a_way_out_over_a_chain_takes_what_the_chain_takes(client: Client, staked: Staked) -> None:
    offer("DOT028", asset="DOT", is_instant=False, standard_days=28)
    db.execute("UPDATE earn_product SET family = 'ONCHAIN' WHERE code = 'DOT028'")
    assert "as long as the asset&#x27;s chain takes" in text_of(client.get(PATH))
    for hours, words in ((672, "28 to 29 days"), (673, "673 to 697 hours")):
        clock.advance(timedelta(hours=1))
        at = clock.now()
        earn.publish_unbonding(
            asset="DOT", hours_min=hours, hours_max=hours + 24, effective_from=at, at=at
        )
        assert words in text_of(client.get(PATH)), words


def test_liquid_staking_says_how_it_is_left(client: Client, staked: Staked) -> None:
    for code, name in (("ETH", "Ether"), ("WBETH", "Staked Ether")):
        Asset.objects.create(
            code=code,
            name=name,
            kind="CRYPTO",
            ledger_decimals=18,
            display_decimals=8,
            reward_decimals=8,
        )
    earn.publish_liquid(
        code="ETH-WBETH",
        asset="ETH",
        token="WBETH",
        offer=earn.Offer(minimum=Decimal("0.0001")),
        effective_from=clock.now(),
    )
    said = text_of(client.get(f"{PATH}?kind=LIQUID"))
    assert "– for one WBETH" in said
    now = clock.now()
    earn.publish_ratio(product_code="ETH-WBETH", ratio=Decimal("1.03"), effective_from=now, at=now)
    said = text_of(client.get(f"{PATH}?kind=LIQUID"))
    assert "1.03 ETH for one WBETH, rises with its rewards" in said
    assert "0.00%" not in said
    assert "at the ratio of that moment" in said
    assert "cannot be cancelled" in said
    assert "Arrives At once" not in said


def test_what_is_paid_by_the_day_is_part_of_the_rate(client: Client, staked: Staked) -> None:
    now = clock.now()
    for asset, rates in (("BTC", ("0.05", "0.03")), ("DOT", ("0.01", "0.01"))):
        tiers = [
            earn.Tier(above=Decimal(0), up_to=Decimal(5), rate=Decimal(rates[0])),
            earn.Tier(above=Decimal(5), up_to=None, rate=Decimal(rates[1])),
        ]
        earn.set_daily_rates(
            product_code="BTC001",
            asset=asset,
            tiers=tiers,
            from_day=(now + timedelta(days=1)).date(),
            at=now,
        )
    assert "more by the day" not in text_of(client.get(PATH))
    clock.advance(timedelta(days=1))
    said = text_of(client.get(PATH))
    assert "up to 5.00% more by the day, up to 1.00% in DOT by the day" in said


def test_the_page_of_an_asset_says_the_same_of_its_products(member: Client, staked: Staked) -> None:
    offer(quota_per_person=Decimal("0.5"))
    page = text_of(member.get("/earn/BTC"))
    assert "Full at the moment" in page
    assert "0 BTC for you" in page


def test_the_catalogue_asks_the_database_no_more_for_more_products(
    member: Client, staked: Staked, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        offer(f"BTC1{number}", quota_per_person=Decimal(3), quota_total=Decimal(5))
    with django_assert_max_num_queries(12):
        assert len(codes(member.get(PATH))) == 15


def test_a_second_flexible_product_of_an_asset_is_called_by_its_code(
    client: Client, staked: Staked
) -> None:
    offer(code="BFUSD")
    page = text_of(client.get(PATH, {"kind": "FLEXIBLE", "asset": "BTC"}))
    assert page.count("BTC · Flexible") == 2
    assert page.count("BTC · Flexible BFUSD") == 1
