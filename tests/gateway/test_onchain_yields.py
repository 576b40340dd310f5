"""On-chain Yields by the API: as locked Simple Earn, in texts where the exchange has texts."""

from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.gateway.binance.signing import milliseconds
from mooring.kernel import clock, db
from tests.earn.world import A_DAY, LOCKED, OPENING, work
from tests.gateway.shapes import shape_of

PATH = "/sapi/v1/onchain-yields"
ONCHAIN = f"{PATH}/locked"
SIMPLE = "/sapi/v1/simple-earn"

SHAPES = {
    "account": {
        "totalAmountInBTC": str, "totalAmountInUSDT": str, "totalFlexibleAmountInBTC": str,
        "totalFlexibleAmountInUSDT": str, "totalLockedInBTC": str, "totalLockedInUSDT": str,
    },
    "locked/list": {
        "rows": [{
            "projectId": str,
            "detail": {
                "asset": str, "rewardAsset": str, "duration": int, "renewable": bool,
                "isSoldOut": bool, "apr": str, "status": str, "subscriptionStartTime": int,
                "canRedeemToFlex": bool,
            },
            "quota": {"totalPersonalQuota": str, "minimum": str},
        }],
        "total": int,
    },
    "locked/position": {
        "rows": [{
            "positionId": str, "projectId": str, "asset": str, "amount": str, "purchaseTime": str,
            "duration": str, "accrualDays": str, "rewardAsset": str, "APY": str, "rewardAmt": str,
            "nextPay": str, "nextPayDate": str, "payPeriod": str, "rewardsPayDate": str,
            "rewardsEndDate": str, "deliverDate": str, "nextSubscriptionDate": str,
            "redeemingAmt": str, "redeemTo": str, "canRedeemEarly": bool, "autoSubscribe": bool,
            "type": str, "status": str,
        }],
        "total": int,
    },
    "locked/history/redemptionRecord": {
        "rows": [{
            "positionId": str, "redeemId": int, "time": int, "asset": str, "lockPeriod": str,
            "amount": str, "originalAmount": str, "type": str, "deliverDate": str,
            "lossAmount": str, "isComplete": bool, "rewardAsset": str, "rewardAmt": str,
            "status": str,
        }],
        "total": int,
    },
    "locked/history/rewardsRecord": {
        "rows": [{
            "positionId": str, "time": int, "asset": str, "lockPeriod": str, "amount": str,
        }],
        "total": int,
    },
    "locked/history/subscriptionRecord": {
        "rows": [{
            "positionId": str, "purchaseId": str, "projectId": str, "clientId": str, "time": int,
            "asset": str, "amount": str, "lockPeriod": str, "type": str, "sourceAccount": str,
            "amtFromSpot": str, "amtFromFunding": str, "status": str,
        }],
        "total": int,
    },
}  # fmt: skip
PREVIEW = {
    "rewardAsset": str, "totalRewardAmt": str, "nextPay": str, "nextPayDate": str,
    "rewardsPayDate": str, "valueDate": str, "rewardsEndDate": str, "deliverDate": str,
    "nextSubscriptionDate": str,
}  # fmt: skip


@pytest.fixture
def chain(world):
    """ON*30 pays 10 % for thirty days, and renews."""
    offer = earn.Offer(**LOCKED, is_renewable=True, quota_per_person=Decimal(3000))
    earn.publish(
        code="ON*30",
        kind="LOCKED",
        asset="USDT",
        offer=offer,
        effective_from=OPENING,
        family="ONCHAIN",
    )
    return world


def subscribe(client, amount="1000", **about):
    done = client.post(f"{ONCHAIN}/subscribe", projectId="ON*30", amount=amount, **about)
    assert done.status == 200, done.body
    return done.json


def position_of(client, **asked):
    [row] = client.get(f"{ONCHAIN}/position", **asked).json["rows"]
    return row


def test_a_term_from_its_preview_to_its_record(chain, alice):
    seen = alice.get(f"{ONCHAIN}/subscriptionPreview", projectId="ON*30", amount="1000").json
    assert shape_of(seen) == PREVIEW
    assert seen["totalRewardAmt"] == "8.21917808"
    done = subscribe(alice, redeemTo="SPOT", autoSubscribe="false")
    assert done == {
        "purchaseId": done["purchaseId"],
        "positionId": done["positionId"],
        "amount": "1000.00000000",
        "success": True,
    }
    assert shape_of(done) == {"purchaseId": int, "positionId": str, "amount": str, "success": bool}
    row = position_of(alice)
    assert (row["positionId"], row["projectId"]) == (done["positionId"], "ON*30")
    for name in ("rewardsEndDate", "deliverDate", "rewardsPayDate"):
        assert row[name] == seen[name]
    clock.advance(3 * A_DAY)
    work(clock.now())
    row = position_of(alice, positionId=done["positionId"])
    assert (row["accrualDays"], row["rewardAmt"]) == ("2", "0.54794520")
    clock.advance(40 * A_DAY)
    work(clock.now())
    assert alice.get(f"{ONCHAIN}/position").json == {"rows": [], "total": 0}
    [told] = alice.get(f"{ONCHAIN}/history/redemptionRecord").json["rows"]
    assert (told["type"], told["status"], told["isComplete"]) == ("MATURE", "PAID", True)
    times = {
        "startTime": milliseconds(clock.now() - 60 * A_DAY),
        "endTime": milliseconds(clock.now()),
    }
    rewards = alice.get(f"{ONCHAIN}/history/rewardsRecord", size=100, **times).json
    assert sum(Decimal(one["amount"]) for one in rewards["rows"]) == Decimal("8.21917808")
    assert chain.balances() == {"spot_available": Decimal("5008.21917808")}


@pytest.mark.parametrize("path", SHAPES)
def test_every_answer_has_the_documented_fields_and_types(chain, alice, path):
    left = subscribe(alice)
    subscribe(alice, "500")
    clock.advance(3 * A_DAY)
    work(clock.now())
    alice.post(f"{ONCHAIN}/redeem", positionId=left["positionId"])
    found = alice.get(f"{PATH}/{path}")
    assert found.status == 200, found.body
    assert shape_of(found.json) == SHAPES[path]


def test_each_family_shows_its_own(chain, alice):
    quote = assets.Quote(asset="USDT", usd=Decimal(1), valid_from=clock.now(), source="tests")
    assets.quote_prices([quote])
    mine = subscribe(alice)
    locked = alice.post(f"{SIMPLE}/locked/subscribe", projectId="LOCK", amount="100").json
    for family, code, position in (
        (ONCHAIN, "ON*30", mine),
        (f"{SIMPLE}/locked", "LOCK", locked),
    ):
        rows = {
            name: alice.get(f"{family}/{name}").json["rows"]
            for name in ("list", "position", "history/subscriptionRecord")
        }
        for name, found in rows.items():
            assert [one["projectId"] for one in found] == [code], name
        assert str(rows["position"][0]["positionId"]) == position["positionId"]
    for family in (PATH, SIMPLE):
        seen = alice.get(f"{family}/account").json
        assert seen["totalLockedInUSDT"] == {PATH: "1000.00000000", SIMPLE: "100.00000000"}[family]
    for name in ("redeem", "setAutoSubscribe", "setRedeemOption"):
        sent = {"positionId": locked["positionId"], "autoSubscribe": "true", "redeemTo": "SPOT"}
        assert alice.post(f"{ONCHAIN}/{name}", **sent).code == -6020
    assert alice.post(f"{ONCHAIN}/subscribe", projectId="LOCK", amount="1").code == -6001


def test_leaving_early_is_told(chain, alice):
    done = subscribe(alice)
    left = alice.post(f"{ONCHAIN}/redeem", positionId=done["positionId"])
    assert left.status == 200, left.body
    assert shape_of(left.json) == {"redeemId": int, "success": bool}
    [told] = alice.get(f"{ONCHAIN}/history/redemptionRecord", redeemId=left.json["redeemId"]).json[
        "rows"
    ]
    assert (told["type"], told["status"], told["isComplete"]) == ("AHEAD", "REDEEMING", False)
    assert (told["amount"], told["originalAmount"]) == ("1000.00000000", "1000.00000000")
    assert position_of(alice)["redeemingAmt"] == "1000.00000000"


def test_what_happens_at_the_end_is_chosen(chain, alice):
    done = subscribe(alice)
    row = position_of(alice)
    assert (row["autoSubscribe"], row["redeemTo"]) == (True, "FLEXIBLE")
    about = {"positionId": done["positionId"]}
    assert alice.post(f"{ONCHAIN}/setAutoSubscribe", **about, autoSubscribe="false").json == {
        "success": True
    }
    assert alice.post(f"{ONCHAIN}/setRedeemOption", **about, redeemTo="SPOT").json == {
        "success": True
    }
    row = position_of(alice)
    assert (row["autoSubscribe"], row["redeemTo"]) == (False, "SPOT")


def test_a_quota_is_what_is_left(chain, alice):
    subscribe(alice)
    left = alice.get(f"{ONCHAIN}/personalLeftQuota", projectId="ON*30").json
    assert left == {"leftPersonalQuota": "2000.00000000"}
    refused = alice.post(f"{ONCHAIN}/subscribe", projectId="ON*30", amount="2000.1")
    assert refused.code == -6011


def test_a_number_of_the_clients_own_names_one_subscription(chain, alice, bob):
    sent = {"projectId": "ON*30", "amount": "10", "clientId": "mine-1"}
    first, again = (alice.post(f"{ONCHAIN}/subscribe", **sent) for _ in range(2))
    assert first.json == again.json
    assert chain.balances()["spot_available"] == Decimal(4990)
    other = alice.post(f"{ONCHAIN}/subscribe", **{**sent, "amount": "11"})
    assert (other.code, "clientId" in other.json["msg"]) == (-1130, True)
    assert chain.balances()["spot_available"] == Decimal(4990)
    alice.post(f"{ONCHAIN}/subscribe", projectId="ON*30", amount="20")
    history = f"{ONCHAIN}/history/subscriptionRecord"
    assert [row["clientId"] for row in alice.get(history).json["rows"]] == ["", "mine-1"]
    [row] = alice.get(history, clientId="mine-1").json["rows"]
    assert (row["purchaseId"], row["amount"]) == (str(first.json["purchaseId"]), "10.00000000")
    assert alice.get(history, clientId="mine-2").json == {"rows": [], "total": 0}
    # Somebody else's number is somebody else's.
    assert bob.get(history, clientId="mine-1").json["total"] == 0
    assert bob.post(f"{ONCHAIN}/subscribe", **sent).json["purchaseId"] != first.json["purchaseId"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"projectId": "NONE", "amount": "1"}, -6001),
        ({"projectId": "ON*30", "amount": "0.1"}, -6005),
        ({"projectId": "ON*30", "amount": "5000.1"}, -6011),
        ({"projectId": "ON*30", "amount": "0"}, -6016),
        ({"projectId": "ON*30", "amount": "1.0000000000000000001"}, -1111),
        ({"projectId": "ON*30", "amount": "1e3"}, -1100),
        ({"projectId": "ON*30"}, -1102),
        ({"projectId": "ON*30", "amount": "1", "redeemTo": "MOON"}, -1130),
    ],
)
def test_what_cannot_go_in_is_refused_and_changes_nothing(chain, alice, sent, code):
    refused = alice.post(f"{ONCHAIN}/subscribe", **sent)
    assert (refused.status, refused.code) == (400, code), refused.body
    assert chain.balances() == {"spot_available": Decimal(5000)}


def test_what_is_anothers_is_nothing(chain, alice, bob):
    done = subscribe(alice)
    assert bob.get(f"{ONCHAIN}/position").json == {"rows": [], "total": 0}
    assert bob.get(f"{ONCHAIN}/history/subscriptionRecord").json["total"] == 0
    assert bob.post(f"{ONCHAIN}/redeem", positionId=done["positionId"]).code == -6020
    assert position_of(alice)["status"] == "HOLDING"


def test_a_replay_locks_nothing_more(chain, alice):
    text = alice.signed(alice.text(projectId="ON*30", amount="10"))
    assert alice.send_text("POST", f"{ONCHAIN}/subscribe", text).status == 200
    assert alice.send_text("POST", f"{ONCHAIN}/subscribe", text).code == -1022
    assert db.rows("SELECT count(*) FROM earn_subscription") == [(1,)]
