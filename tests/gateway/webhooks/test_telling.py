"""What is told to whom: every status of a redemption, every reward paid, every hold."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from mooring.accounts import api as accounts
from mooring.accounts.protection.holds import begin_hold
from mooring.earn import api as earn
from mooring.gateway.v1 import shapes
from mooring.gateway.webhooks import managing
from mooring.gateway.webhooks.delivering import deliver_due
from mooring.gateway.webhooks.rewards import tell_rewards
from mooring.kernel import clock, db
from tests.earn.world import A_DAY, A_MINUTE, AN_HOUR, OPENING, work, work_daily


def types(messages):
    return [one.type for one in messages()]


def test_a_redemption_that_arrives_at_once_is_told_once(world, listener, messages):
    position = world.subscribe("1000")
    done = world.redeem(position, "250.5", at=OPENING + A_MINUTE)
    assert [(one.type, one.subject) for one in messages()] == [
        ("redemption.paid", done.redemption_id)
    ]
    assert deliver_due() == 1
    [told] = listener.told
    assert told.json["data"]["id"] == done.redemption_id
    assert told.json["data"]["net"] == {"amount": "250.5", "asset": "USDT"}
    assert told.json["timestamp"] == "2026-03-01T10:31:15Z"


def test_a_message_says_what_the_api_says(world, alice, listener, hook):
    position = world.subscribe("1000", at=clock.now())
    done = world.redeem(position, "250.5", at=clock.now())
    deliver_due()
    [told] = listener.told
    shown = alice.get(f"/v1/redemptions/{done.redemption_id}").json
    assert told.json == {
        "type": "redemption.paid",
        "timestamp": shown["paid_at"],
        "data": shown,
    }


def test_every_status_is_told_whatever_reached_it(world, messages):
    left = world.redeem(world.subscribe("500", "LOCK"), at=OPENING + AN_HOUR)
    world.undo(left, at=OPENING + AN_HOUR + A_MINUTE)
    assert types(messages) == ["redemption.pending", "redemption.cancelled"]
    world.redeem(world.subscribe("700", "LOCK"), at=OPENING + AN_HOUR)
    # Bob's is not told: it matures in the SQL that closes days.
    world.subscribe("900", "LOCK", who=world.bob)
    world.subscribe("100", "LOCK")
    work_daily(OPENING, OPENING + 36 * A_DAY)
    later = types(messages)[2:]
    # Left early, matured after all, matured: each goes and arrives.
    assert sorted(one for one in later if one.startswith("redemption")) == sorted(
        ["redemption.pending", "redemption.paid"] * 3
    )


def test_what_waits_is_told_when_it_waits_and_when_it_goes(world, messages):
    world.publish("SLOW", minimum=Decimal(1), daily_limit_per_person=Decimal(100))
    earn.set_rate(product_code="SLOW", apr=Decimal("0.03"), at=OPENING)
    world.redeem(world.subscribe("500", "SLOW"), "300", at=OPENING + A_MINUTE)
    work(OPENING + A_DAY)
    moved = [one for one in types(messages) if one.startswith("redemption")]
    assert moved == ["redemption.queued", "redemption.paid"]


@pytest.mark.parametrize("topics", [["reward"], ["hold"], ["hold", "reward"]])
def test_nothing_else_than_was_asked_for(world, listener, topics):
    managing.create_webhook(account_id=world.alice, url=listener.url, topics=topics, at=OPENING)
    world.redeem(world.subscribe("1000"), "250.5", at=OPENING + A_MINUTE)
    assert db.rows("SELECT count(*) FROM gateway_delivery") == [(0,)]


def test_nothing_of_others_and_nothing_after_the_end(world, hook):
    world.redeem(world.subscribe("10", who=world.bob), who=world.bob, at=OPENING + A_MINUTE)
    managing.end_webhook(account_id=world.alice, webhook_id=hook.id, at=OPENING)
    world.redeem(world.subscribe("10"), at=OPENING + A_MINUTE)
    assert db.rows("SELECT count(*) FROM gateway_delivery") == [(0,)]


def test_a_hold_is_told(world, listener, messages):
    with transaction.atomic():
        begin_hold(world.alice, accounts.protection.HoldCause.PASSWORD_CHANGED, at=OPENING)
        begin_hold(world.bob, accounts.protection.HoldCause.PASSWORD_CHANGED, at=OPENING)
    assert types(messages) == ["hold.begun"]
    deliver_due()
    [told] = listener.told
    assert told.json["timestamp"] == told.json["data"]["begins_at"] == "2026-03-01T10:30:15Z"
    assert told.json["data"]["cause"] == "PASSWORD_CHANGED"


# Rewards


def test_rewards_are_told_as_the_records_have_them(world, messages):
    world.subscribe("1000", "LOCK")
    world.subscribe("1000", "LOCK", who=world.bob)
    work_daily(OPENING, OPENING + 3 * A_DAY)
    rewards = [one for one in messages() if one.type == "reward.paid"]
    paid = [json.loads(one.body)["data"] for one in rewards]
    asked = earn.RecordFilter(kind="LOCKED")
    records = earn.reward_records(account_id=world.alice, asked=asked).rows
    assert len(records) == len(paid) >= 1
    assert paid == [
        {
            "position_id": one.position_id,
            "product_code": "LOCK",
            "kind": "LOCKED",
            "amount": shapes.money(one.amount),
            "paid_at": shapes.moment(one.at),
        }
        for one in reversed(records)
    ]


def test_what_is_read_twice_is_told_once(world, messages):
    world.subscribe("1000", "LOCK")
    work_daily(OPENING, OPENING + 4 * A_DAY)
    count = len(messages())
    assert count
    assert tell_rewards(wall=clock.wall()) == 0
    assert len(messages()) == count


def test_the_mark_stays_behind_until_nothing_lower_can_come(world, hook):
    world.subscribe("1000", "LOCK")
    work_daily(OPENING, OPENING + 4 * A_DAY)
    mark = "SELECT rewards_read FROM gateway_webhook"
    [(before,)] = db.rows(mark)
    tell_rewards(wall=clock.wall() + timedelta(minutes=4))
    assert db.rows(mark) == [(before,)]
    tell_rewards(wall=clock.wall() + timedelta(minutes=6))
    newest = db.rows("SELECT max(subject) FROM gateway_delivery WHERE type = 'reward.paid'")
    assert db.rows(mark) == newest
    assert newest > [(before,)]


def test_what_was_paid_before_is_not_told(world, listener):
    world.subscribe("1000", "LOCK")
    work_daily(OPENING, OPENING + 4 * A_DAY)
    managing.create_webhook(account_id=world.alice, url=listener.url, topics=["reward"], at=OPENING)
    assert tell_rewards(wall=clock.wall()) == 0
