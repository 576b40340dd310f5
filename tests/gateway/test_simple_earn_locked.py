"""Locked Simple Earn by the API: from the preview to what is told years later."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.gateway.binance.signing import milliseconds
from mooring.kernel import clock
from tests.earn.world import A_DAY, work

LOCKED = "/sapi/v1/simple-earn/locked"
FLEXIBLE = "/sapi/v1/simple-earn/flexible"


def subscribe(client, amount="1000", project="LOCK", **about):
    done = client.post(f"{LOCKED}/subscribe", projectId=project, amount=amount, **about)
    assert done.status == 200, done.body
    return done.json


def position_of(client, **asked):
    [row] = client.get(f"{LOCKED}/position", **asked).json["rows"]
    return row


def midnight():
    return clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


def test_a_term_from_its_preview_to_its_record(world, alice):
    [seen] = alice.get(f"{LOCKED}/subscriptionPreview", projectId="LOCK", amount="1000").json
    assert Decimal(seen["totalRewardAmt"]) == Decimal("8.21917808")
    done = subscribe(alice, redeemTo="SPOT")
    row = position_of(alice)
    assert (str(row["positionId"]), row["projectId"]) == (done["positionId"], "LOCK")
    assert (row["amount"], row["duration"], row["accrualDays"]) == ("1000.00000000", "30", "0")
    for name, theirs in (("rewardsEndDate", "rewardsEndDate"), ("deliverDate", "deliverDate")):
        assert row[name] == seen[theirs]
    assert seen["valueDate"] == milliseconds(midnight() + A_DAY)
    assert (row["status"], row["canRedeemEarly"], row["redeemTo"]) == ("HOLDING", True, "SPOT")
    clock.advance(3 * A_DAY)
    work(clock.now())
    row = position_of(alice, positionId=done["positionId"])
    assert row["accrualDays"] == "2"
    assert Decimal(row["rewardAmt"]) == Decimal("0.54794520")
    assert Decimal(row["nextPay"]) == Decimal("0.82191780") - Decimal("0.54794520")
    clock.advance(40 * A_DAY)
    work(clock.now())
    assert alice.get(f"{LOCKED}/position").json == {"rows": [], "total": 0}
    [told] = alice.get(f"{LOCKED}/history/redemptionRecord").json["rows"]
    assert (told["type"], told["status"], told["isComplete"]) == ("MATURE", "PAID", True)
    assert (told["amount"], told["lossAmount"]) == ("1000.00000000", "0.00000000")
    asked = {
        "size": 100,
        "startTime": milliseconds(clock.now() - 60 * A_DAY),
        "endTime": milliseconds(clock.now()),
    }
    rewards = alice.get(f"{LOCKED}/history/rewardsRecord", **asked).json
    assert sum(Decimal(one["amount"]) for one in rewards["rows"]) == Decimal("8.21917808")
    assert world.balances() == {"spot_available": Decimal("5008.21917808")}


def test_leaving_early_does_what_the_position_said(world, alice):
    done = subscribe(alice, redeemTo="SPOT")
    clock.advance(5 * A_DAY)
    work(clock.now())
    told = position_of(alice)
    left = alice.post(f"{LOCKED}/redeem", positionId=done["positionId"])
    assert left.status == 200, left.body
    [record] = alice.get(f"{LOCKED}/history/redemptionRecord").json["rows"]
    assert record["redeemId"] == left.json["redeemId"]
    assert (record["type"], record["amount"]) == ("AHEAD", told["redeemAmountEarly"])
    lost = Decimal(record["originalAmount"]) - Decimal(record["amount"])
    assert Decimal(record["lossAmount"]) >= lost > 0
    assert position_of(alice)["status"] == "REDEEMING"
    assert position_of(alice)["redeemingAmt"] == record["amount"]
    assert alice.post(f"{LOCKED}/redeem", positionId=done["positionId"]).code == -6008


def test_by_default_it_ends_in_the_flexible_product_and_renews_where_it_can(world, alice):
    subscribe(alice)
    row = position_of(alice)
    assert (row["redeemTo"], row["autoSubscribe"], row["canReStake"]) == ("FLEXIBLE", False, False)
    world.publish(
        "AGAIN", minimum=Decimal(1), apr=Decimal("0.05"), duration_days=7, is_renewable=True,
    )  # fmt: skip
    subscribe(alice, "10", "AGAIN")
    assert position_of(alice, projectId="AGAIN")["autoSubscribe"] is True
    clock.advance(35 * A_DAY)
    work(clock.now())
    types = {
        one["projectId"]: one["type"]
        for one in alice.get(f"{LOCKED}/history/subscriptionRecord").json["rows"]
    }
    assert types["AGAIN"] == "AUTO"
    told = alice.get(f"{LOCKED}/history/redemptionRecord").json["rows"]
    assert "NEW_TRANSFERRED" in {one["type"] for one in told}
    [flexible] = alice.get(f"{FLEXIBLE}/history/subscriptionRecord").json["rows"]
    assert (flexible["type"], flexible["amount"]) == ("CONVERT", "1000.00000000")


def test_the_end_can_be_chosen_until_it_comes(world, alice):
    world.publish(
        "AGAIN", minimum=Decimal(1), apr=Decimal("0.05"), duration_days=7, is_renewable=True,
    )  # fmt: skip
    done = subscribe(alice, "10", "AGAIN", autoSubscribe="false", redeemTo="SPOT")
    id_ = done["positionId"]
    for path, sent in (
        ("setAutoSubscribe", {"autoSubscribe": "true"}),
        ("setRedeemOption", {"redeemTo": "FLEXIBLE"}),
    ):
        assert alice.post(f"{LOCKED}/{path}", positionId=id_, **sent).json == {"success": True}
    row = position_of(alice)
    assert (row["autoSubscribe"], row["redeemTo"]) == (True, "FLEXIBLE")
    clock.advance(8 * A_DAY)
    late = alice.post(f"{LOCKED}/setRedeemOption", positionId=id_, redeemTo="SPOT")
    assert late.code == -6007


def test_products_are_listed_with_their_quota(world, alice):
    world.publish(
        "Few*7", minimum=Decimal(1), apr=Decimal("0.05"), duration_days=7,
        quota_per_person=Decimal(100),
    )  # fmt: skip
    found = {row["projectId"]: row for row in alice.get(f"{LOCKED}/list").json["rows"]}
    assert found["Few*7"]["quota"] == {
        "totalPersonalQuota": "100.00000000",
        "minimum": "1.00000000",
    }
    assert found["LOCK"]["detail"]["apr"] == "0.10000000"
    subscribe(alice, "60", "Few*7")
    left = alice.get(f"{LOCKED}/personalLeftQuota", projectId="Few*7").json
    assert left == {"leftPersonalQuota": "40.00000000"}
    refused = alice.post(f"{LOCKED}/subscribe", projectId="Few*7", amount="40.1")
    assert refused.code == -6011
    subscribe(alice, "40", "Few*7")
    found = {row["projectId"]: row for row in alice.get(f"{LOCKED}/list").json["rows"]}
    assert found["Few*7"]["detail"]["isSoldOut"] is True


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"projectId": "NONE", "amount": "1"}, -6001),
        ({"projectId": "FLEX", "amount": "1"}, -6001),
        ({"projectId": "LOCK", "amount": "0.5"}, -6005),
        ({"projectId": "LOCK", "amount": "5000.01"}, -6012),
        ({"projectId": "LOCK", "amount": "1", "redeemTo": "BANK"}, -1130),
    ],
)
def test_what_cannot_be_locked_is_refused(world, alice, sent, code):
    assert alice.post(f"{LOCKED}/subscribe", **sent).code == code
    assert world.balances() == {"spot_available": Decimal(5000)}


def test_anothers_position_is_none(world, alice, bob):
    done = subscribe(alice)
    id_ = done["positionId"]
    for path, sent in (
        ("redeem", {}),
        ("setAutoSubscribe", {"autoSubscribe": "true"}),
        ("setRedeemOption", {"redeemTo": "SPOT"}),
    ):
        theirs = bob.post(f"{LOCKED}/{path}", positionId=id_, **sent)
        absent = bob.post(f"{LOCKED}/{path}", positionId=10**9, **sent)
        assert theirs.code == absent.code == -6020
        assert theirs.body == absent.body
    assert bob.get(f"{LOCKED}/position", positionId=id_).json["total"] == 0


def test_a_history_is_of_its_times(world, alice):
    subscribe(alice, "10")
    at = milliseconds(clock.now())
    path = f"{LOCKED}/history/subscriptionRecord"
    assert alice.get(path, startTime=at - 60_000, endTime=at).json["total"] == 1
    assert alice.get(path, startTime=at + 60_000).json["total"] == 0
    assert alice.get(path, startTime=at, endTime=at - 1).code == -1130
    days = milliseconds(clock.now() - timedelta(days=93))
    assert alice.get(path, startTime=days, endTime=at).code == -1127
    assert alice.get(path, current=2).json == {"rows": [], "total": 1}
