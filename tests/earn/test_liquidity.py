"""What is owed soon against what is there: products that end, and what protocols give back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.earn.api import StakeMove
from tests.earn.liquid_world import eth, offer_staking, stake, unstake
from tests.earn.world import A_DAY, AN_HOUR, OPENING, World, usdt

TOMORROW = OPENING.replace(hour=0, minute=0, second=0) + A_DAY


def of(asset, *, at=OPENING):
    return next(one for one in earn.list_liquidity(at=at) if one.held.asset == asset)


def figures(found):
    return (
        found.in_a_day.number,
        found.in_a_week.number,
        found.at_any_time.number,
        found.held.number,
    )


def test_a_product_that_ends_makes_everything_in_it_due(world: World):
    world.subscribe("300")
    world.subscribe("200", "LOCK")
    assert figures(of("USDT")) == (0, 0, 300, 10_000)
    earn.end_product(product_code="FLEX", ends_at=TOMORROW, at=OPENING)
    assert figures(of("USDT")) == (300, 300, 0, 10_000)
    earn.end_product(product_code="LOCK", ends_at=TOMORROW + 4 * A_DAY, at=OPENING)
    assert figures(of("USDT")) == (300, 500, 0, 10_000)
    assert not of("USDT").is_short


def test_what_ends_by_itself_before_its_product_is_due_once(world: World):
    world.subscribe("200", "LOCK")
    end = OPENING + 30 * A_DAY
    earn.end_product(product_code="LOCK", ends_at=TOMORROW + 33 * A_DAY, at=OPENING)
    assert of("USDT", at=end).in_a_week == usdt("200")


def test_what_goes_on_in_a_flexible_position_is_not_due(world: World):
    position = world.subscribe("200", "LOCK")
    earn.set_maturity_choice(
        account_id=world.alice,
        position_id=position,
        auto_renew=False,
        redeem_to="FLEXIBLE",
        at=OPENING,
    )
    earn.end_product(product_code="LOCK", ends_at=TOMORROW, at=OPENING)
    assert figures(of("USDT")) == (0, 0, 0, 10_000)


@pytest.fixture
def staking(world: World):
    offer_staking(world)
    return world


def move(what, number, *, at=OPENING):
    earn.move_stake(what, eth(number), key=f"{what}-{number}", at=at)


def test_what_protocols_give_back_in_time_counts(staking):
    position = stake(staking, "54").position_id
    unstake(staking, position, "40", at=OPENING)
    move(StakeMove.BOND, "90")
    found = of("ETH", at=OPENING + 41 * AN_HOUR)
    assert (found.in_a_day, found.in_a_week, found.held) == (eth("43.2"), eth("43.2"), eth("10"))
    assert found.is_short
    move(StakeMove.UNBOND, "33.2")
    # The chain takes 480 hours at the most.
    assert of("ETH").back_in_a_week == eth("0")
    soon = of("ETH", at=OPENING + timedelta(hours=480) - 7 * A_DAY)
    assert (soon.back_in_a_day, soon.back_in_a_week) == (eth("0"), eth("33.2"))
    assert soon.is_short, "too late for what is due tomorrow"
    later = of("ETH", at=OPENING + timedelta(hours=480) - A_DAY)
    assert (later.back_in_a_day, later.is_short) == (eth("33.2"), False)
    move(StakeMove.UNBONDED, "33.2", at=OPENING + A_DAY)
    back = of("ETH", at=OPENING + 480 * AN_HOUR)
    assert (back.back_in_a_week, back.held) == (eth("0"), eth("43.2"))


def test_what_no_period_is_known_of_does_not_count(world: World):
    world.subscribe("100")
    earn.move_stake(StakeMove.BOND, usdt("50"), key="b", at=OPENING)
    earn.move_stake(StakeMove.UNBOND, usdt("50"), key="u", at=OPENING)
    assert of("USDT", at=OPENING + 400 * A_DAY).back_in_a_week.number == Decimal(0)
