"""BFUSD and RWUSD: flexible products under paths of their own, with a slower way out."""

from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.gateway.binance.simple_earn_flexible import UNLIMITED
from mooring.kernel import clock
from tests.earn.world import A_DAY, OPENING, work


@pytest.fixture(params=["bfusd", "rwusd"])
def dollar(request, world):
    code = request.param.upper()
    world.publish(
        code,
        minimum=Decimal("0.1"),
        fee_rate=Decimal("0.001"),
        standard_days=3,
        standard_fee_rate=Decimal("0.0005"),
    )
    earn.set_rate(product_code=code, apr=Decimal("0.365"), at=OPENING)
    return f"/sapi/v1/{request.param}", request.param


def test_money_goes_in_earns_and_leaves_either_way(world, alice, dollar):
    path, name = dollar
    done = alice.post(f"{path}/subscribe", asset="USDT", amount="1000").json
    assert done == {"success": True, f"{name}Amount": "1000.00000000"}
    fast = alice.post(f"{path}/redeem", amount="100", type="FAST").json
    assert (fast["receiveAmount"], fast["fee"]) == ("99.90000000", "0.10000000")
    slow = alice.post(f"{path}/redeem", amount="100").json
    assert (slow["receiveAmount"], slow["fee"]) == ("99.95000000", "0.05000000")
    assert slow["arrivalTime"] - fast["arrivalTime"] >= 2 * 86_400_000
    rows = alice.get(f"{path}/history/redemptionHistory").json["rows"]
    assert [(one["status"], one["receiveAmount"]) for one in rows] == [
        ("PENDING", "99.95000000"),
        ("SUCCESS", "99.90000000"),
    ]
    [one] = alice.get(f"{path}/history/subscriptionHistory").json["rows"]
    assert (one["asset"], one["receiveAsset"], one["receiveAmount"]) == (
        "USDT", name.upper(), "1000.00000000",
    )  # fmt: skip
    clock.advance(4 * A_DAY)
    work(clock.now())
    assert {
        one["status"] for one in alice.get(f"{path}/history/redemptionHistory").json["rows"]
    } == {"SUCCESS"}
    account = alice.get(f"{path}/account").json
    [position] = earn.list_positions(account_id=world.alice, at=clock.now())
    held = position.amount + position.accrued
    assert Decimal(account[f"{name}Amount"]) == held.number
    rewards = alice.get(f"{path}/history/rewardsHistory").json
    assert rewards["total"] == len(rewards["rows"]) > 0
    assert {one["annualPercentageRate"] for one in rewards["rows"]} == {"0.36500000"}


def test_quota_says_what_each_way_costs(world, alice, dollar):
    path, _ = dollar
    found = alice.get(f"{path}/quota").json
    assert found["fastRedemptionQuota"]["fee"] == "0.00100000"
    assert found["standardRedemptionQuota"]["fee"] == "0.00050000"
    assert found["standardRedemptionQuota"]["redeemPeriod"] == 3
    rates = alice.get(f"{path}/history/rateHistory", size=100).json
    assert {one["annualPercentageRate"] for one in rates["rows"]} == {"0.36500000"}


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"daily_limit_per_person": Decimal(150)}, ["150.00000000", "50.00000000", "50.00000000"]),
        ({"daily_limit_total": Decimal(120)}, ["120.00000000", "20.00000000", "20.00000000"]),
        ({}, [UNLIMITED] * 3),
    ],
)
def test_quota_says_what_is_left_of_the_day(world, alice, bob, limits, left):
    world.publish("BFUSD", minimum=Decimal("0.1"), standard_days=3, **limits)
    earn.set_rate(product_code="BFUSD", apr=Decimal(0), at=OPENING)
    path = "/sapi/v1/bfusd"

    def fast():
        return alice.get(f"{path}/quota").json["fastRedemptionQuota"]["leftQuota"]

    alice.post(f"{path}/subscribe", asset="USDT", amount="1000")
    seen = [fast()]
    alice.post(f"{path}/redeem", amount="100", type="FAST")
    seen.append(fast())
    # The slow way uses nothing of it.
    alice.post(f"{path}/redeem", amount="30", type="STANDARD")
    assert [*seen, fast()] == left


def test_it_is_not_among_the_flexible_products(world, alice, dollar):
    listed = alice.get("/sapi/v1/simple-earn/flexible/list").json["rows"]
    assert [one["productId"] for one in listed] == ["FLEX"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"asset": "BTC", "amount": "1"}, -6016),
        ({"asset": "USDT", "amount": "0.01"}, -6005),
        ({"asset": "USDT", "amount": "5000.1"}, -6012),
    ],
)
def test_what_cannot_go_in_is_refused(world, alice, dollar, sent, code):
    assert alice.post(f"{dollar[0]}/subscribe", **sent).code == code


def test_a_platform_without_it_says_so(world, alice):
    assert alice.get("/sapi/v1/bfusd/account").code == -6001
    assert alice.post("/sapi/v1/rwusd/redeem", amount="1").code == -6001
    assert alice.get("/sapi/v1/earn/arena/activities").json == {"activities": []}
