"""What an operator offers are dated rows: what was promised stays promised."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.earn.actions import publish
from mooring.kernel import db
from tests.earn.world import A_DAY, A_MINUTE, LOCKED, OPENING, World, work

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)


def rates():
    return db.rows("SELECT from_minute, apr, growth FROM earn_rate ORDER BY from_minute")


def test_a_product_exists_from_its_first_terms_on(world):
    world.publish("SOON", **LOCKED, at=OPENING + A_DAY)
    with pytest.raises(earn.ProductNotFound):
        earn.get_product(code="SOON", at=OPENING)
    assert earn.get_product(code="SOON", at=OPENING + A_DAY).code == "SOON"


def test_publishing_again_changes_nothing(world):
    before = db.rows("SELECT id FROM earn_terms ORDER BY id")
    world.publish("LOCK", **LOCKED)
    assert db.rows("SELECT id FROM earn_terms ORDER BY id") == before


def test_a_position_keeps_the_terms_it_was_opened_with(world):
    old = world.subscribe("1000", "LOCK")
    later = OPENING + timedelta(hours=1)
    world.publish(
        "LOCK",
        at=later,
        **(LOCKED | {"apr": Decimal("0.5"), "claw_back": "NONE", "early_redemption": "NONE"}),
    )
    new = world.subscribe("1000", "LOCK", at=later)
    assert world.position(old, at=later).terms.apr == Decimal("0.1")
    assert world.position(new, at=later).terms.apr == Decimal("0.5")
    assert type(world.redeem(new, at=later)) is earn.EarlyRedemptionNotAllowed
    assert isinstance(world.redeem(old, at=later), earn.Redeemed)
    assert earn.get_product(code="LOCK", at=OPENING).apr == Decimal("0.1")
    assert earn.get_product(code="LOCK", at=later).apr == Decimal("0.5")


def test_products_are_listed_flexible_first_and_by_asset(world):
    world.publish("BTC", asset="BTC", minimum=Decimal(1))
    found = earn.list_products(at=OPENING)
    assert [product.code for product in found] == ["BTC", "FLEX", "LOCK"]
    assert [product.code for product in earn.list_products(at=OPENING, asset="USDT")] == [
        "FLEX",
        "LOCK",
    ]


def test_closing_the_entrance_leaves_the_exit_open(world):
    position = world.subscribe("1000")
    earn.set_subscriptions_open(product_code="FLEX", is_open=False)
    assert type(world.subscribe("1")) is earn.ProductNotOpen
    assert isinstance(world.redeem(position, at=OPENING), earn.Redeemed)
    earn.set_subscriptions_open(product_code="FLEX", is_open=True)
    assert isinstance(world.subscribe("1"), int)


# --- rates ---


def test_a_change_of_rate_is_one_row_however_long_the_time(world):
    for number in range(1, 4):
        earn.set_rate(
            product_code="FLEX", apr=Decimal(number) / 10, at=OPENING + number * 100 * A_DAY
        )
    assert [apr for _, apr, _ in rates()] == [
        Decimal("0.03"), Decimal("0.1"), Decimal("0.2"), Decimal("0.3"),
    ]  # fmt: skip
    growths = [growth for *_, growth in rates()]
    assert growths[0] == 1
    assert growths == sorted(growths)


def test_the_same_rate_again_is_no_change(world):
    before = rates()
    earn.set_rate(product_code="FLEX", apr=Decimal("0.03"), at=OPENING + A_DAY)
    assert rates() == before


@pytest.mark.parametrize(
    ("case", "effective_from"),
    [("in the same minute", OPENING), ("before it", OPENING - A_MINUTE)],
)
def test_a_rate_never_begins_before_one_that_has_begun(world, case, effective_from):
    set_rate_from = db.transaction(publish.set_rate_within)
    with pytest.raises(earn.RateInThePast):
        set_rate_from(
            product_code="FLEX",
            apr=Decimal("0.5"),
            effective_from=effective_from,
            at=OPENING + A_DAY,
        )
    assert len(rates()) == 1, case


def test_a_rate_does_not_begin_before_a_day_that_was_closed(world):
    """What was credited for the day would have been another rate's."""
    position = world.subscribe("1000")
    work(MIDNIGHT + A_DAY)
    credited = world.position(position, at=MIDNIGHT + A_DAY).amount
    with pytest.raises(earn.RateInThePast):
        earn.set_rate(
            product_code="FLEX", apr=Decimal(0), at=MIDNIGHT + A_DAY - timedelta(minutes=2)
        )
    assert world.position(position, at=MIDNIGHT + A_DAY).amount == credited
    earn.set_rate(product_code="FLEX", apr=Decimal(0), at=MIDNIGHT + A_DAY)


@pytest.mark.parametrize(
    "act",
    [
        lambda: earn.set_rate(product_code="NONE", apr=Decimal(1), at=OPENING),
        lambda: earn.set_subscriptions_open(product_code="NONE", is_open=True),
        lambda: earn.get_product(code="NONE", at=OPENING),
    ],
)
def test_an_unknown_product_is_said_to_be_unknown(world: World, act):
    with pytest.raises(earn.ProductNotFound):
        act()


# --- what customers see ---


def test_positions_are_listed_newest_first_and_paid_ones_on_request(world):
    first, second = world.subscribe("10", "LOCK"), world.subscribe("20", "LOCK")
    flexible = world.subscribe("30")
    world.redeem(flexible, at=OPENING)

    def listed(**about):
        return [
            position.id
            for position in earn.list_positions(account_id=world.alice, at=OPENING, **about)
        ]

    assert listed() == [second, first]
    assert listed(with_paid=True) == [flexible, second, first]
    assert listed(asset="BTC") == []


def test_the_overview_has_what_is_staked_and_what_is_on_its_way(world):
    staked = world.subscribe("1000")
    world.subscribe("10", who=world.bob)
    done = world.redeem(world.subscribe("500", "LOCK"), at=OPENING)
    found = earn.overview(account_id=world.alice, at=OPENING)
    assert {position.id for position in found.positions} >= {staked}
    assert {position.account_id for position in found.positions} == {world.alice}
    assert [redemption.id for redemption in found.on_their_way] == [done.redemption_id]


def test_a_view_at_a_time_shows_what_has_accrued_by_then(world):
    flexible, locked = world.subscribe("1000"), world.subscribe("1000", "LOCK")
    at = MIDNIGHT + 5 * A_DAY + timedelta(hours=1)
    assert str(world.position(flexible, at=at).accrued) == "0.37849625 USDT"
    view = world.position(locked, at=at)
    assert (str(view.accrued), str(view.rewards_paid)) == ("1.09589041 USDT", "0 USDT")
    assert (view.days_total, view.days_accrued, view.days_paid) == (30, 0, 0)


def test_nobody_sees_anothers_position_or_redemption(world):
    position = world.subscribe("1000", "LOCK")
    done = world.redeem(position, at=OPENING)
    with pytest.raises(earn.PositionNotFound):
        earn.get_position(account_id=world.bob, position_id=position, at=OPENING)
    with pytest.raises(earn.RedemptionNotFound):
        earn.get_redemption(account_id=world.bob, redemption_id=done.redemption_id, at=OPENING)
    assert earn.list_redemptions(account_id=world.bob, at=OPENING) == ()
    assert earn.overview(account_id=world.bob, at=OPENING).positions == ()


def test_redemptions_are_listed_newest_first_and_narrowed(world):
    flexible = world.subscribe("1000")
    small = world.redeem(flexible, "1", at=OPENING)
    left = world.redeem(world.subscribe("500", "LOCK"), at=OPENING)

    def listed(**about):
        return [
            view.id for view in earn.list_redemptions(account_id=world.alice, at=OPENING, **about)
        ]

    assert listed() == [left.redemption_id, small.redemption_id]
    assert listed(status="PENDING") == [left.redemption_id]
    assert listed(position_id=flexible) == [small.redemption_id]
    assert listed(limit=1) == [left.redemption_id]
