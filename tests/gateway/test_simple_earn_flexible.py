"""Flexible Simple Earn by the API: what is put in, shown, taken out and told afterwards."""

from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.kernel import clock
from tests.earn.world import A_DAY, usdt

FLEXIBLE = "/sapi/v1/simple-earn/flexible"


def position_of(client, **asked):
    found = client.get(f"{FLEXIBLE}/position", **asked).json
    assert found["total"] == len(found["rows"]) == 1
    return found["rows"][0]


def test_money_goes_in_is_shown_comes_out_and_is_told(world, alice):
    done = alice.post(f"{FLEXIBLE}/subscribe", productId="FLEX", amount="100.5")
    assert done.status == 200, done.body
    assert done.json == {"purchaseId": done.json["purchaseId"], "success": True}
    position = position_of(alice)
    assert Decimal(position["totalAmount"]) == Decimal("100.5")
    assert position["autoSubscribe"] is True
    out = alice.post(f"{FLEXIBLE}/redeem", productId="FLEX", amount="40").json
    assert out["success"] is True
    assert Decimal(position_of(alice)["totalAmount"]) == Decimal("60.5")
    [told] = alice.get(f"{FLEXIBLE}/history/redemptionRecord").json["rows"]
    assert told["redeemId"] == out["redeemId"]
    assert (told["projectId"], told["status"], told["destAccount"]) == ("FLEX", "PAID", "SPOT")
    [told] = alice.get(f"{FLEXIBLE}/history/subscriptionRecord").json["rows"]
    assert told["purchaseId"] == done.json["purchaseId"]
    assert (told["type"], told["sourceAccount"]) == ("NORMAL", "SPOT")


def test_everything_leaves_and_nothing_stays(world, alice):
    alice.post(f"{FLEXIBLE}/subscribe", productId="FLEX", amount="100")
    done = alice.post(f"{FLEXIBLE}/redeem", productId="FLEX", redeemAll="True", destAccount="FUND")
    assert done.status == 200, done.body
    assert alice.get(f"{FLEXIBLE}/position").json == {"rows": [], "total": 0}
    assert world.balances()["funding"] == Decimal(100)


def test_the_wish_for_free_spot_is_set_by_default_and_can_be_taken_back(world, alice):
    alice.post(f"{FLEXIBLE}/subscribe", productId="FLEX", amount="1", autoSubscribe="false")
    assert position_of(alice)["autoSubscribe"] is False
    done = alice.post(f"{FLEXIBLE}/setAutoSubscribe", productId="FLEX", autoSubscribe="true")
    assert done.json == {"success": True}
    assert position_of(alice)["autoSubscribe"] is True
    alice.post(f"{FLEXIBLE}/setAutoSubscribe", productId="FLEX", autoSubscribe="False")
    assert position_of(alice)["autoSubscribe"] is False


def test_products_are_listed_by_page(world, alice):
    for number in range(11):
        world.publish(f"MORE{number:02}", minimum=Decimal(1))
        earn.set_rate(product_code=f"MORE{number:02}", apr=Decimal("0.01"), at=clock.now())
    first = alice.get(f"{FLEXIBLE}/list").json
    second = alice.get(f"{FLEXIBLE}/list", current=2).json
    assert (len(first["rows"]), len(second["rows"])) == (10, 2)
    assert first["total"] == second["total"] == 12
    codes = {row["productId"] for row in (*first["rows"], *second["rows"])}
    assert len(codes) == 12
    assert alice.get(f"{FLEXIBLE}/list", size=100, asset="BTC").json["total"] == 0


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"productId": "NONE", "amount": "1"}, -6001),
        ({"productId": "LOCK", "amount": "1"}, -6001),
        ({"productId": "FLEX", "amount": "0.01"}, -6005),
        ({"productId": "FLEX", "amount": "5000.1"}, -6012),
        ({"productId": "FLEX", "amount": "0"}, -6016),
        ({"productId": "FLEX", "amount": "1.0000000000000000001"}, -1111),
        ({"productId": "FLEX", "amount": "NaN"}, -1100),
        ({"productId": "FLEX", "amount": "1e3"}, -1100),
        ({"productId": "FLEX", "amount": "-1"}, -1100),
        ({"productId": "FLEX", "amount": "9" * 21}, -1100),
        ({"productId": "FLEX", "amount": ""}, -1102),
        ({"productId": "FLEX"}, -1102),
        ({"productId": "", "amount": "1"}, -1102),
        ({"productId": "FLEX", "amount": "1", "sourceAccount": "BANK"}, -1130),
        ({"productId": "FLEX", "amount": "1", "autoSubscribe": "perhaps"}, -1130),
    ],
)
def test_what_cannot_go_in_is_refused_and_changes_nothing(world, alice, sent, code):
    refused = alice.post(f"{FLEXIBLE}/subscribe", **sent)
    assert (refused.status, refused.code) == (400, code), refused.body
    assert world.balances() == {"spot_available": Decimal(5000)}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"productId": "NONE", "amount": "1"}, -6001),
        ({"productId": "FLEX", "amount": "100.1"}, -6018),
        ({"productId": "FLEX"}, -1102),
        ({"productId": "FLEX", "amount": "1", "destAccount": "MOON"}, -1130),
    ],
)
def test_what_cannot_come_out_is_refused(world, alice, sent, code):
    alice.post(f"{FLEXIBLE}/subscribe", productId="FLEX", amount="100")
    refused = alice.post(f"{FLEXIBLE}/redeem", **sent)
    assert (refused.status, refused.code) == (400, code), refused.body
    assert world.balances()["earn_flexible"] == Decimal(100)


def test_what_is_anothers_is_nothing(world, alice, bob):
    alice.post(f"{FLEXIBLE}/subscribe", productId="FLEX", amount="100")
    assert bob.get(f"{FLEXIBLE}/position").json["total"] == 0
    assert bob.post(f"{FLEXIBLE}/redeem", productId="FLEX", amount="1").code == -6020
    assert bob.get(f"{FLEXIBLE}/history/subscriptionRecord").json["total"] == 0


def test_quota_and_preview(world, alice):
    world.publish("SMALL", minimum=Decimal(1), quota_per_person=Decimal(70))
    earn.set_rate(product_code="SMALL", apr=Decimal("0.365"), at=clock.now())
    alice.post(f"{FLEXIBLE}/subscribe", productId="SMALL", amount="20")
    left = alice.get(f"{FLEXIBLE}/personalLeftQuota", productId="SMALL").json
    assert left == {"leftPersonalQuota": "50.00000000"}
    seen = alice.get(f"{FLEXIBLE}/subscriptionPreview", productId="SMALL", amount="30").json
    assert seen["totalAmount"] == "30.00000000"
    assert seen["rewardAsset"] == "USDT"
    assert Decimal("0.0299") < Decimal(seen["estDailyRealTimeRewards"]) <= Decimal("0.0301")
    assert alice.post(f"{FLEXIBLE}/subscribe", productId="SMALL", amount="50.1").code == -6011


def test_rates_are_told_by_the_day(world, alice):
    found = alice.get(f"{FLEXIBLE}/history/rateHistory", productId="FLEX", size=100).json
    assert found["total"] == str(len(found["rows"]))
    assert {row["annualPercentageRate"] for row in found["rows"]} == {"0.03000000"}
    assert usdt(0).is_zero


def test_tiers_are_numbers_to_the_last_digit(world, alice):
    tiers = (
        earn.Tier(above=Decimal(0), up_to=Decimal(5), rate=Decimal("0.0512345678")),
        earn.Tier(above=Decimal(5), up_to=None, rate=Decimal("0.01")),
    )
    at = clock.now()
    earn.set_daily_rates(
        product_code="FLEX", asset="USDT", tiers=tiers, from_day=at.date() + A_DAY, at=at
    )
    clock.advance(A_DAY)
    found = alice.get(f"{FLEXIBLE}/list").body.decode()
    assert '"tierAnnualPercentageRate":{"0-5USDT":0.0512345678,"5+USDT":0.0100000000}' in found
