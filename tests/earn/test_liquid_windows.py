"""Tokens given back during maintenance wait for its end, at the ratio of the request (EARN-12)."""

from datetime import timedelta

import pytest

from mooring.earn import api as earn
from tests.earn.liquid_world import (
    cleared,
    eth,
    in_spot,
    offer_staking,
    publish_ratio,
    stake,
    unstake,
    wbeth,
)
from tests.earn.test_partial import is_clean
from tests.earn.world import A_DAY, AN_HOUR, OPENING, work

ENDS = OPENING + A_DAY
ARRIVES = ENDS + 2 * A_DAY


@pytest.fixture
def position(world):
    return stake(offer_staking(world), "10.8").position_id


@pytest.fixture
def window(position):
    return earn.announce_window(
        earn.Maintenance(
            starts_at=OPENING,
            expected_end=ENDS,
            stops_subscriptions=True,
            stops_redemptions=True,
            reason="upgrade",
            author="ops",
            product_code="ETH2",
        ),
        at=OPENING,
    )


def back(world, done, at):
    return earn.get_redemption(account_id=world.alice, redemption_id=done.redemption_id, at=at)


def test_what_is_given_back_waits_for_the_end_and_the_chain_begins_then(world, position, window):
    quote = earn.quote_unstaking(
        account_id=world.alice, position_id=position, tokens=wbeth("4"), at=OPENING
    )
    assert (quote.runs_at, quote.arrives_from) == (ENDS, ARRIVES)
    done = unstake(world, position, "4", at=OPENING + timedelta(seconds=9), quote=quote)
    assert (done.status, done.net, done.arrives_from) == ("QUEUED", eth("4.32"), ARRIVES)
    waiting = back(world, done, OPENING)
    assert (waiting.status, waiting.queued_because) == ("QUEUED", "MAINTENANCE")
    assert (waiting.runs_at, waiting.arrives_until) == (ENDS, ENDS + 20 * A_DAY)
    assert is_clean()
    publish_ratio("1.2", OPENING + AN_HOUR)
    work(ENDS - AN_HOUR)
    assert back(world, done, ENDS).status == "QUEUED"
    work(ENDS)
    on_its_way = back(world, done, ENDS)
    assert (on_its_way.status, on_its_way.arrives_from) == ("PENDING", ARRIVES)
    with pytest.raises(earn.UndoNotPossible):
        earn.undo(account_id=world.alice, redemption_id=done.redemption_id, at=ENDS)
    before = in_spot(world.alice, "ETH")
    work(ARRIVES)
    assert in_spot(world.alice, "ETH") - before == eth("4.32").number
    assert back(world, done, ARRIVES).status == "PAID"


def test_until_then_it_can_be_cancelled_and_the_tokens_are_there_again(world, position, window):
    held, in_clearing = in_spot(world.alice, "WBETH"), (cleared("ETH"), cleared("WBETH"))
    done = unstake(world, position, "4", at=OPENING)
    assert in_spot(world.alice, "WBETH") == held - 4
    assert is_clean()
    publish_ratio("1.2", OPENING + AN_HOUR)
    for _ in range(2):
        earn.undo(
            account_id=world.alice, redemption_id=done.redemption_id, at=OPENING + 2 * AN_HOUR
        )
    assert in_spot(world.alice, "WBETH") == held
    assert (cleared("ETH"), cleared("WBETH")) == in_clearing
    assert back(world, done, ENDS).status == "CANCELLED"
    worth = earn.get_position(account_id=world.alice, position_id=position, at=ENDS).amount
    assert worth == eth("12")
    work(ENDS)
    work(ARRIVES)
    assert back(world, done, ARRIVES).status == "CANCELLED"


def test_what_was_cancelled_does_not_count_against_the_limit_of_the_day(world):
    position = stake(offer_staking(world, daily_limit_per_person=eth("5").number)).position_id
    earn.announce_window(
        earn.Maintenance(
            starts_at=OPENING,
            expected_end=ENDS,
            stops_subscriptions=False,
            stops_redemptions=True,
            reason="upgrade",
            author="ops",
            asset="ETH",
        ),
        at=OPENING,
    )
    done = unstake(world, position, "4", at=OPENING)
    assert isinstance(unstake(world, position, "4", key="v", at=OPENING), earn.AboveDailyQuota)
    earn.undo(account_id=world.alice, redemption_id=done.redemption_id, at=OPENING)
    assert unstake(world, position, "4", key="w", at=OPENING).status == "QUEUED"


@pytest.mark.parametrize("hours", [-12, 12])
def test_when_maintenance_ends_at_another_time_everything_moves_with_it(
    world, position, window, hours
):
    done = unstake(world, position, "4", at=OPENING)
    ends = ENDS + timedelta(hours=hours)
    if hours > 0:
        earn.extend_window(window_id=window, expected_end=ends, at=OPENING + AN_HOUR)
    else:
        earn.end_window(window_id=window, at=ends)
    moved = back(world, done, OPENING)
    assert (moved.runs_at, moved.arrives_from) == (ends, ends + 2 * A_DAY)
    assert moved.arrives_until == ends + 20 * A_DAY
    work(ends)
    assert back(world, done, ends).status == "PENDING"


def test_another_window_right_behind_keeps_it_waiting(world, position, window):
    done = unstake(world, position, "4", at=OPENING)
    earn.announce_window(
        earn.Maintenance(
            starts_at=ENDS,
            expected_end=ENDS + A_DAY,
            stops_subscriptions=False,
            stops_redemptions=True,
            reason="the rest of it",
            author="ops",
            asset="ETH",
        ),
        at=OPENING,
    )
    work(ENDS)
    later = back(world, done, ENDS)
    assert (later.status, later.runs_at) == ("QUEUED", ENDS + A_DAY)
    assert (later.arrives_from, later.arrives_until) == (ARRIVES + A_DAY, ENDS + 21 * A_DAY)
    work(ENDS + A_DAY)
    assert back(world, done, ENDS).status == "PENDING"


def test_a_quote_from_before_maintenance_does_not_hold_in_it(world, position):
    quote = earn.quote_unstaking(
        account_id=world.alice, position_id=position, tokens=wbeth("4"), at=OPENING
    )
    earn.announce_window(
        earn.Maintenance(
            starts_at=OPENING,
            expected_end=ENDS,
            stops_subscriptions=False,
            stops_redemptions=True,
            reason="upgrade",
            author="ops",
            product_code="ETH2",
        ),
        at=OPENING,
    )
    refused = unstake(world, position, "4", at=OPENING, quote=quote)
    assert isinstance(refused, earn.QuoteChanged)


def test_maintenance_keeps_new_money_out(world, position, window):
    assert isinstance(stake(world, key="x"), earn.SubscriptionsStopped)
