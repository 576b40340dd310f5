"""Maximum, quotas of all together, wallets that pay, consent, and countries (EARN-6, §9 no. 32)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from mooring.earn import api as earn
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.ledger import api as ledger
from tests.earn.world import A_DAY, LOCKED, OPENING, everything, usdt


def fund(world, number, *, who=None):
    """Put money into the funding wallet, as redeeming to it does."""
    position = world.subscribe(number, who=who)
    world.redeem(position, at=OPENING, who=who, destination="FUNDING")


def available(world, product, **about):
    found = earn.available_to_subscribe(
        account_id=world.alice, product_code=product, at=OPENING, **about
    )
    return found.number


def quoted(world, amount, product, **about):
    return earn.quote_subscription(
        account_id=world.alice, product_code=product, amount=usdt(amount), at=OPENING, **about
    )


# --- maximum ---


def test_one_subscription_is_at_most_the_maximum_and_a_second_one_may_follow(world):
    world.publish("BIT", **LOCKED, maximum=Decimal(100))
    refused = world.subscribe("100.000000000000000001", "BIT")
    assert type(refused) is earn.AboveMaximum
    assert str(refused.maximum) == "100 USDT"
    with pytest.raises(earn.AboveMaximum):
        quoted(world, "101", "BIT")
    assert available(world, "BIT") == 100
    assert not isinstance(world.subscribe("100", "BIT"), Refusal)
    assert not isinstance(world.subscribe("100", "BIT"), Refusal)


# --- what all customers together may hold ---


def test_a_total_quota_counts_what_everybody_holds(world):
    world.publish("ROOM", **LOCKED, quota_total=Decimal(100))
    world.subscribe("60", "ROOM", who=world.bob)
    refused = world.subscribe("40.000000000000000001", "ROOM")
    assert type(refused) is earn.AboveTotalQuota
    assert str(refused.left) == "40 USDT"
    assert available(world, "ROOM") == 40
    assert str(quoted(world, "40", "ROOM").quota_left) == "40 USDT"
    outcomes = earn.subscribe(
        [world.subscription(amount, "ROOM") for amount in ("30", "11", "10")], at=OPENING
    )
    assert [type(outcome) for outcome in outcomes] == [
        earn.Subscribed,
        earn.AboveTotalQuota,
        earn.Subscribed,
    ]
    assert type(world.subscribe("1", "ROOM")) is earn.AboveTotalQuota


def test_what_leaves_makes_room(world):
    world.publish("ROOM", minimum=Decimal(1), quota_total=Decimal(100))
    earn.set_rate(product_code="ROOM", apr=Decimal(0), at=OPENING)
    position = world.subscribe("100", "ROOM")
    assert type(world.subscribe("1", "ROOM", who=world.bob)) is earn.AboveTotalQuota
    world.redeem(position, "40", at=OPENING)
    assert not isinstance(world.subscribe("40", "ROOM", who=world.bob), Refusal)


def test_twenty_at_once_cannot_pass_the_total_quota(committed_world):
    world = committed_world
    world.publish("ROOM", **LOCKED, quota_total=Decimal(75))
    start = threading.Barrier(20)

    def ask(number):
        request = world.subscription("10", "ROOM", who=[world.alice, world.bob][number % 2])
        try:
            start.wait(30)
            [outcome] = earn.subscribe([request], at=OPENING)
            return outcome
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(ask, range(20)))
    assert sum(isinstance(one, earn.Subscribed) for one in outcomes) == 7
    assert {type(one) for one in outcomes} == {earn.Subscribed, earn.AboveTotalQuota}
    held = world.balances()["earn_locked"] + world.balances(world.bob)["earn_locked"]
    assert held == 70


# --- which wallet pays ---


@pytest.mark.parametrize(
    ("source", "amount", "spot", "funding"),
    [
        ("SPOT", "4000", 0, 1000),
        ("FUNDING", "1000", 4000, 0),
        ("FUNDING", "1.5", 4000, Decimal("998.5")),
        ("ALL", "3000", 1000, 1000),
        ("ALL", "4500", 0, 500),
        ("ALL", "5000", 0, 0),
    ],
)
def test_spot_funding_or_both_pay(world, source, amount, spot, funding):
    fund(world, "1000")
    assert available(world, "LOCK", source=source) >= Decimal(amount)
    assert quoted(world, amount, "LOCK", source=source).amount == usdt(amount)
    [done] = earn.subscribe([paid_from(world, source, amount)], at=OPENING)
    assert isinstance(done, earn.Subscribed)
    held = world.balances()
    assert (held.get("spot_available", 0), held.get("funding", 0)) == (spot, funding)
    assert held["earn_locked"] == Decimal(amount)
    [(from_funding,)] = db.rows(
        "SELECT from_funding FROM earn_subscription WHERE id = %s", [done.subscription_id]
    )
    assert from_funding == 1000 - funding


def paid_from(world, source, amount, *, key="k"):
    return earn.Subscription(
        account_id=world.alice, product_code="LOCK", amount=usdt(amount), key=key, source=source
    )


@pytest.mark.parametrize(
    ("source", "amount"), [("SPOT", "4000.01"), ("FUNDING", "1000.01"), ("ALL", "5000.01")]
)
def test_a_source_pays_no_more_than_it_has(world, source, amount):
    fund(world, "1000")
    before = everything()
    [refused] = earn.subscribe([paid_from(world, source, amount)], at=OPENING)
    assert type(refused) is ledger.InsufficientFunds
    with pytest.raises(ledger.InsufficientFunds):
        quoted(world, amount, "LOCK", source=source)
    assert everything() == before


def test_who_never_had_a_funding_wallet_cannot_pay_from_it(world):
    [refused] = earn.subscribe([paid_from(world, "FUNDING", "1")], at=OPENING)
    assert type(refused) is ledger.InsufficientFunds


def test_a_batch_spends_each_wallet_once(world):
    fund(world, "1000")
    outcomes = earn.subscribe(
        [
            paid_from(world, "FUNDING", "600", key="a"),
            paid_from(world, "ALL", "4400", key="b"),
            paid_from(world, "ALL", "1", key="c"),
        ],
        at=OPENING,
    )
    assert [type(one) for one in outcomes] == [
        earn.Subscribed,
        earn.Subscribed,
        ledger.InsufficientFunds,
    ]
    assert world.balances() == {"earn_locked": 5000}


def test_a_key_is_never_used_with_another_source(world):
    fund(world, "1000")
    earn.subscribe([paid_from(world, "SPOT", "10")], at=OPENING)
    [again] = earn.subscribe([paid_from(world, "ALL", "10")], at=OPENING)
    assert type(again) is ledger.KeyReused


# --- consent ---


def test_the_version_of_the_text_is_kept_with_the_subscription(world):
    request = earn.Subscription(
        account_id=world.alice,
        product_code="FLEX",
        amount=usdt("10"),
        key="k",
        consent_version="2026-11",
    )
    earn.subscribe([request], at=OPENING)
    world.subscribe("10")
    assert db.rows("SELECT consent_version FROM earn_subscription ORDER BY id") == [
        ("2026-11",),
        ("",),
    ]


# --- countries ---


def lives_in(account_id, country):
    db.execute("UPDATE accounts_account SET country = %s WHERE id = %s", [country, account_id])


@pytest.mark.parametrize(
    ("country", "refusal"),
    [("", earn.CountryNotKnown), ("DE", earn.NotOfferedInCountry), ("SG", None)],
)
def test_who_lives_where_it_is_not_offered_cannot_enter(world, country, refusal):
    world.publish("STABLE", **LOCKED, excluded_countries=("DE", "FR"))
    lives_in(world.alice, country)
    outcome = world.subscribe("10", "STABLE")
    if refusal is None:
        assert not isinstance(outcome, Refusal)
        return
    assert type(outcome) is refusal
    with pytest.raises(refusal):
        quoted(world, "10", "STABLE")
    # Nobody asks where somebody lives for what is offered everywhere.
    assert not isinstance(world.subscribe("10", "LOCK"), Refusal)


def test_who_is_inside_when_a_country_is_excluded_gets_out_as_before(world):
    world.publish("STABLE", minimum=Decimal(1))
    earn.set_rate(product_code="STABLE", apr=Decimal("0.01"), at=OPENING)
    position = world.subscribe("10", "STABLE")
    lives_in(world.alice, "DE")
    later = OPENING + A_DAY
    world.publish("STABLE", minimum=Decimal(1), excluded_countries=("DE",), at=later)
    assert type(world.subscribe("1", "STABLE", at=later)) is earn.NotOfferedInCountry
    assert not isinstance(world.redeem(position, "5", at=later + timedelta(1)), Refusal)
    assert not isinstance(world.redeem(position, at=later + timedelta(1)), Refusal)
