"""What liquid staking was worth by UTC day, and what a holding gained, to the last digit."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.earn.rules.liquid import gain_of, yearly_rate
from mooring.wallet import api as wallet
from tests.earn.liquid_world import eth, offer_staking, publish_ratio, stake, unstake, wbeth
from tests.earn.world import A_DAY, AN_HOUR, OPENING

#: OPENING is in the morning of the first of March.
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tokens", "before", "after", "gain"),
    [
        ("10", "1.08", "1.09", "0.1"),
        ("0.92592592", "1.08", "1.0834", "0.00314814"),
        ("0.00000001", "1.08", "1.09", "0"),
        ("10", "1.08", "1.08", "0"),
    ],
)
def test_a_gain_is_the_tokens_times_the_rise_floored(tokens, before, after, gain):
    numbers = Decimal(tokens), Decimal(before), Decimal(after)
    assert gain_of(numbers[0], before=numbers[1], after=numbers[2]) == Decimal(gain)


@pytest.mark.parametrize(
    ("before", "after", "lasted", "rate"),
    [
        ("1", "1.05", timedelta(days=365), "0.05"),
        ("1.08", "1.0808", timedelta(days=7), "0.03862433"),
        ("1.08", "1.08", timedelta(days=7), "0"),
        ("1", "1.0001", timedelta(hours=1), "0.876"),
    ],
)
def test_a_yearly_rate_follows_from_two_ratios(before, after, lasted, rate):
    assert yearly_rate(Decimal(before), Decimal(after), lasted=lasted) == Decimal(rate)


@pytest.fixture
def staking(world):
    return offer_staking(world)


@pytest.fixture
def product(staking):
    return earn.get_product(code="ETH2", at=OPENING)


def gains(product, who, *, since=OPENING, until):
    return earn.gains_by_day(product, account_id=who, since=since, until=until)


def test_each_midnight_has_the_ratio_in_force_then(staking, product):
    publish_ratio("1.09", MIDNIGHT)
    publish_ratio("1.1", MIDNIGHT + A_DAY + AN_HOUR)
    until = MIDNIGHT + 3 * A_DAY - AN_HOUR
    found = earn.ratios_by_day(product, since=OPENING, until=until)
    assert [(one.at, one.ratio) for one in found] == [
        (MIDNIGHT + 2 * A_DAY, Decimal("1.1")),
        (MIDNIGHT + A_DAY, Decimal("1.09")),
        (MIDNIGHT, Decimal("1.09")),
    ]
    apr = yearly_rate(Decimal("1.08"), Decimal("1.09"), lasted=MIDNIGHT - OPENING)
    assert (found[1].apr, found[2].apr) == (apr, apr)
    assert found[0].apr == yearly_rate(Decimal("1.09"), Decimal("1.1"), lasted=timedelta(hours=25))
    alone = earn.ratios_by_day(product, since=MIDNIGHT + 2 * A_DAY, until=until)
    assert alone == found[:1]


def test_before_the_second_ratio_there_is_no_rate_and_before_the_first_no_day(staking, product):
    found = earn.ratios_by_day(product, since=OPENING - 30 * A_DAY, until=MIDNIGHT)
    assert [(one.at, one.apr) for one in found] == [(MIDNIGHT, Decimal(0))]
    assert earn.ratios_by_day(product, since=MIDNIGHT, until=OPENING) == ()
    assert gains(product, staking.alice, since=OPENING - 30 * A_DAY, until=OPENING) == ()


def test_a_day_gains_what_its_ratios_make_the_tokens_worth_that_were_held(staking, product):
    position = stake(staking, "10.8").position_id
    publish_ratio("1.09", OPENING + AN_HOUR)
    unstake(staking, position, "4", at=OPENING + 2 * AN_HOUR)
    publish_ratio("1.1", OPENING + 3 * AN_HOUR)
    publish_ratio("1.11", MIDNIGHT)
    publish_ratio("1.12", MIDNIGHT + timedelta(seconds=1))
    second, first = gains(product, staking.alice, until=MIDNIGHT + A_DAY)
    # Ten tokens gained one hundredth each, six another two; the last ratio is the next day's.
    assert (first.at, first.gained, first.tokens) == (MIDNIGHT, eth("0.22"), wbeth("6"))
    assert first.worth == eth("6.66")
    assert (second.at, second.gained) == (MIDNIGHT + A_DAY, eth("0.06"))
    assert (second.tokens, second.worth) == (wbeth("6"), eth("6.72"))
    total = earn.gained_between(
        product, account_id=staking.alice, since=OPENING, until=MIDNIGHT + A_DAY
    )
    assert total == eth("0.28")
    # What went in, less what was given back, and the gains, is what is there.
    assert eth("10.8") - eth("4.36") + total == second.worth


def test_a_position_says_what_its_tokens_gained_in_all(staking, product):
    position = stake(staking, "10.8").position_id
    publish_ratio("1.09", OPENING + AN_HOUR)
    unstake(staking, position, "4", at=OPENING + 2 * AN_HOUR)
    publish_ratio("1.1", OPENING + 3 * AN_HOUR)
    publish_ratio("1.10000001", MIDNIGHT)

    def paid(at):
        found = earn.get_position(account_id=staking.alice, position_id=position, at=at)
        listed = earn.list_positions(account_id=staking.alice, at=at)
        assert found in listed
        return found.rewards_paid

    assert paid(OPENING) == eth(0)
    assert paid(OPENING + AN_HOUR) == eth("0.1")
    assert paid(MIDNIGHT - AN_HOUR) == eth("0.16")
    assert paid(MIDNIGHT) == eth("0.16000006")
    whole = earn.gained_between(product, account_id=staking.alice, since=OPENING, until=MIDNIGHT)
    assert paid(MIDNIGHT) == whole


def test_a_ratio_that_begins_with_the_staking_is_not_gained(staking, product):
    publish_ratio("1.09", OPENING + AN_HOUR)
    stake(staking, "10.9", at=OPENING + AN_HOUR)
    [day] = gains(product, staking.alice, until=MIDNIGHT)
    assert (day.gained, day.tokens) == (eth(0), wbeth(10))


def test_tokens_that_came_another_way_gain_too(staking, product):
    wallet.credit_one(
        wallet.Credit(account_id=staking.bob, amount=wbeth("3"), key="sent"), at=OPENING
    )
    earn.follow_tokens(at=OPENING)
    publish_ratio("1.1", OPENING + AN_HOUR)
    [day] = gains(product, staking.bob, until=MIDNIGHT)
    assert (day.gained, day.worth) == (eth("0.06"), eth("3.3"))


def test_whoever_holds_nothing_gains_nothing(staking, product):
    stake(staking, "10.8")
    publish_ratio("1.1", OPENING + AN_HOUR)
    assert gains(product, staking.bob, until=MIDNIGHT) == ()
    nothing = earn.gained_between(product, account_id=staking.bob, since=OPENING, until=MIDNIGHT)
    assert nothing == eth(0)


def test_what_is_left_to_give_back_today(world):
    offer_staking(world, daily_limit_per_person=Decimal(20))
    product = earn.get_product(code="ETH2", at=OPENING)

    def left(who, at):
        return earn.left_to_unstake(product, account_id=who, at=at)

    position = stake(world, "50").position_id
    unstake(world, position, "10", at=OPENING)
    assert left(world.alice, OPENING) == eth("9.2")
    assert left(world.bob, OPENING) == eth("20")
    assert left(world.alice, MIDNIGHT) == eth("20")


def test_without_a_limit_anything_may_be_given_back(staking, product):
    assert earn.left_to_unstake(product, account_id=staking.alice, at=OPENING) is None
