"""ETH and SOL staking by the API: staked, shown, gained by the ratio, given back, told."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.gateway.binance.signing import milliseconds
from mooring.kernel import clock, db
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet
from tests.earn.liquid_world import in_spot, offer_staking, wbeth
from tests.earn.world import A_DAY, OPENING, work
from tests.gateway.shapes import shape_of

ETH = "/sapi/v1/eth-staking"
SOL = "/sapi/v1/sol-staking"
STAKE = "/sapi/v2/eth-staking/eth/stake"
ACCOUNT = "/sapi/v2/eth-staking/account"

GETS = {
    ACCOUNT: {
        "holdingInETH": str,
        "holdings": {"wbethAmount": str, "bethAmount": str},
        "thirtyDaysProfitInETH": str,
        "profit": {"amountFromWBETH": str, "amountFromBETH": str},
    },
    f"{ETH}/eth/quota": {
        "leftStakingPersonalQuota": str, "leftRedemptionPersonalQuota": str,
        "minStakeAmount": str, "minRedeemAmount": str, "redeemPeriod": int, "stakeable": bool,
        "redeemable": bool, "commissionFee": str, "calculating": bool,
    },
    f"{ETH}/eth/history/redemptionHistory": {
        "rows": [{
            "time": int, "arrivalTime": int, "asset": str, "amount": str, "distributeAsset": str,
            "distributeAmount": str, "conversionRatio": str, "status": str,
        }],
        "total": int,
    },
    f"{ETH}/eth/history/stakingHistory": {
        "rows": [{
            "time": int, "asset": str, "amount": str, "distributeAsset": str,
            "distributeAmount": str, "conversionRatio": str, "status": str,
        }],
        "total": int,
    },
    f"{ETH}/eth/history/rateHistory": {
        "rows": [{"annualPercentageRate": str, "exchangeRate": str, "time": int}],
        "total": str,
    },
    f"{ETH}/eth/history/wbethRewardsHistory": {
        "estRewardsInETH": str,
        "rows": [{
            "time": int, "amountInETH": str, "holding": str, "holdingInETH": str,
            "annualPercentageRate": str,
        }],
        "total": int,
    },
    f"{ETH}/wbeth/history/wrapHistory": {"rows": [], "total": int},
    f"{ETH}/wbeth/history/unwrapHistory": {"rows": [], "total": int},
    f"{SOL}/account": {
        "bnsolAmount": str, "holdingInSOL": str, "thirtyDaysProfitInSOL": str,
    },
    f"{SOL}/sol/quota": {
        "leftStakingPersonalQuota": str, "leftRedemptionPersonalQuota": str,
        "minStakeAmount": str, "minRedeemAmount": str, "redeemPeriod": int, "stakeable": bool,
        "redeemable": bool, "soldOut": bool, "commissionFee": str, "nextEpochTime": int,
        "calculating": bool,
    },
    f"{SOL}/sol/history/redemptionHistory": {
        "rows": [{
            "time": int, "arrivalTime": int, "asset": str, "amount": str, "distributeAsset": str,
            "distributeAmount": str, "exchangeRate": str, "status": str,
        }],
        "total": int,
    },
    f"{SOL}/sol/history/stakingHistory": {
        "rows": [{
            "time": int, "asset": str, "amount": str, "distributeAsset": str,
            "distributeAmount": str, "exchangeRate": str, "status": str,
        }],
        "total": int,
    },
    f"{SOL}/sol/history/rateHistory": {
        "rows": [{
            "annualPercentageRate": str, "exchangeRate": str, "boostRewards": [], "time": int,
        }],
        "total": str,
    },
    f"{SOL}/sol/history/bnsolRewardsHistory": {
        "estRewardsInSOL": str,
        "rows": [{
            "time": int, "amountInSOL": str, "holding": str, "holdingInSOL": str,
            "annualPercentageRate": str,
        }],
        "total": int,
    },
    f"{SOL}/sol/history/unclaimedRewards": [],
}  # fmt: skip


@pytest.fixture
def staking(world):
    """WBETH at 1.08 and BNSOL at 1.079, with a hundred of each asset for Alice."""
    offer_staking(world, daily_limit_per_person=Decimal(20))
    assets.register(
        [assets.Asset(code="SOL", name="Solana", ledger_decimals=9),
         assets.Asset(code="BNSOL", name="Staked SOL", ledger_decimals=9)]
    )  # fmt: skip
    wallet.credit_one(
        wallet.Credit(account_id=world.alice, amount=Amount(Decimal(100), "SOL"), key="sol"),
        at=OPENING,
    )
    earn.publish_liquid(
        code="BNSOL",
        asset="SOL",
        token="BNSOL",
        offer=earn.Offer(minimum=Decimal("0.01"), quota_per_person=Decimal(50)),
        effective_from=OPENING,
    )
    earn.publish_ratio(
        product_code="BNSOL", ratio=Decimal("1.079"), effective_from=OPENING, at=OPENING
    )
    return world


def publish(ratio, code="ETH2"):
    at = clock.now()
    earn.publish_ratio(product_code=code, ratio=Decimal(ratio), effective_from=at, at=at)


def after_midnight():
    """Let the next UTC day begin; return its midnight."""
    now = clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + A_DAY
    clock.advance(midnight - now + timedelta(seconds=1))
    return midnight


def stake(client, amount="10.8"):
    done = client.post(STAKE, amount=amount)
    assert done.status == 200, done.body
    return done.json


def test_eth_is_staked_gains_is_given_back_and_told(staking, alice):
    done = stake(alice)
    assert done == {
        "success": True,
        "wbethAmount": "10.00000000",
        "purchaseId": done["purchaseId"],
        "conversionRatio": "1.08000000",
    }
    [told] = alice.get(f"{ETH}/eth/history/stakingHistory").json["rows"]
    assert (told["asset"], told["amount"]) == ("ETH", "10.80000000")
    assert (told["distributeAsset"], told["distributeAmount"]) == ("WBETH", "10.00000000")
    publish("1.09")
    assert alice.get(ACCOUNT).json == {
        "holdingInETH": "10.90000000",
        "holdings": {"wbethAmount": "10.00000000", "bethAmount": "0.00000000"},
        "thirtyDaysProfitInETH": "0.10000000",
        "profit": {"amountFromWBETH": "0.10000000", "amountFromBETH": "0.00000000"},
    }
    midnight = after_midnight()
    earned = alice.get(f"{ETH}/eth/history/wbethRewardsHistory").json
    assert (earned["estRewardsInETH"], earned["total"]) == ("0.10000000", 1)
    [day] = earned["rows"]
    assert day["time"] == milliseconds(midnight)
    assert (day["amountInETH"], day["holding"]) == ("0.10000000", "10.00000000")
    assert day["holdingInETH"] == "10.90000000"
    out = alice.post(f"{ETH}/eth/redeem", amount="4").json
    asked = {name: out[name] for name in ("success", "ethAmount", "conversionRatio")}
    assert asked == {"success": True, "ethAmount": "4.36000000", "conversionRatio": "1.09000000"}
    [record] = alice.get(f"{ETH}/eth/history/redemptionHistory").json["rows"]
    assert (record["status"], record["arrivalTime"]) == ("PENDING", out["arrivalTime"])
    assert (record["amount"], record["distributeAmount"]) == ("4.00000000", "4.36000000")
    assert alice.get(ACCOUNT).json["holdingInETH"] == "6.54000000"
    clock.advance(21 * A_DAY)
    work(clock.now(), only="settle")
    [record] = alice.get(f"{ETH}/eth/history/redemptionHistory", redeemId=out["redeemId"]).json[
        "rows"
    ]
    assert (record["status"], record["asset"], record["distributeAsset"]) == (
        "SUCCESS", "WBETH", "ETH",
    )  # fmt: skip
    assert in_spot(staking.alice, "ETH") == Decimal(100) - Decimal("10.8") + Decimal("4.36")
    assert in_spot(staking.alice, "WBETH") == Decimal(6)


def test_sol_is_staked_and_given_back(staking, alice):
    done = alice.post(f"{SOL}/sol/stake", amount="10").json
    assert (done["bnsolAmount"], done["exchangeRate"]) == ("9.26784059", "1.07900000")
    publish("1.08", "BNSOL")
    found = alice.get(f"{SOL}/account").json
    assert found == {
        "bnsolAmount": "9.26784059",
        "holdingInSOL": "10.00926783",
        "thirtyDaysProfitInSOL": "0.00926784",
    }
    out = alice.post(f"{SOL}/sol/redeem", amount="9.26784059")
    assert out.status == 200, out.body
    assert (out.json["solAmount"], out.json["exchangeRate"]) == ("10.00926783", "1.08000000")
    assert alice.get(f"{SOL}/account").json["bnsolAmount"] == "0.00000000"


@pytest.mark.parametrize("path", GETS)
def test_every_answer_has_the_documented_fields_and_types(staking, alice, path):
    stake(alice)
    alice.post(f"{SOL}/sol/stake", amount="10")
    alice.post(f"{ETH}/eth/redeem", amount="1")
    alice.post(f"{SOL}/sol/redeem", amount="1")
    publish("1.09")
    after_midnight()
    found = alice.get(path)
    assert found.status == 200, found.body
    assert shape_of(found.json) == GETS[path]


@pytest.mark.parametrize("kind", ["CLAIM", "DISTRIBUTE"])
def test_nothing_is_paid_besides_the_ratio(staking, alice, kind):
    path = f"{SOL}/sol/history/boostRewardsHistory"
    assert alice.get(path, type=kind).json == {"rows": [], "total": 0}
    assert alice.get(path).code == -1102
    assert alice.post(f"{SOL}/sol/claim").code == -6018


def test_there_is_no_beth(staking, alice):
    assert alice.post(f"{ETH}/wbeth/wrap", amount="1").code == -1020
    stake(alice)
    assert alice.post(f"{ETH}/eth/redeem", amount="1", asset="BETH").code == -1020
    assert alice.post(f"{ETH}/eth/redeem", amount="1", asset="wbeth").json["success"] is True


def test_ratios_are_told_by_the_day(staking, alice):
    publish("1.0908")
    midnight = after_midnight()
    found = alice.get(f"{ETH}/eth/history/rateHistory", size=1).json
    assert found["total"] == "30"
    assert found["rows"] == [
        {
            "annualPercentageRate": found["rows"][0]["annualPercentageRate"],
            "exchangeRate": "1.09080000",
            "time": milliseconds(midnight),
        }
    ]
    # One hundredth in some time since the world began: less than that in the last of its days.
    days = (clock.now() - OPENING) / A_DAY
    apr = Decimal(found["rows"][0]["annualPercentageRate"])
    assert abs(float(apr) - 0.01 * 365 / days) < 0.0002
    long = {"startTime": milliseconds(midnight - 367 * A_DAY), "endTime": milliseconds(midnight)}
    assert alice.get(f"{ETH}/eth/history/rateHistory", **long).code == -1127
    assert alice.get(f"{ETH}/wbeth/history/wrapHistory", **long).code == -1127


def test_quotas_are_what_is_left(staking, alice):
    assert alice.get(f"{ETH}/eth/quota").json == {
        "leftStakingPersonalQuota": "99999999999999999999.00000000",
        "leftRedemptionPersonalQuota": "20.00000000",
        "minStakeAmount": "0.00010000",
        "minRedeemAmount": "0.00000001",
        "redeemPeriod": 20,
        "stakeable": True,
        "redeemable": True,
        "commissionFee": "0.00000000",
        "calculating": False,
    }
    stake(alice, "50")
    alice.post(f"{ETH}/eth/redeem", amount="10")
    assert alice.get(f"{ETH}/eth/quota").json["leftRedemptionPersonalQuota"] == "9.20000000"
    assert alice.post(f"{ETH}/eth/redeem", amount="10").code == -6006
    alice.post(f"{SOL}/sol/stake", amount="20")
    left = alice.get(f"{SOL}/sol/quota").json
    [(held,)] = db.rows("SELECT sum(tokens) FROM earn_subscription WHERE tokens < 30")
    worth = (held * Decimal("1.079")).quantize(Decimal("1e-8"), rounding="ROUND_FLOOR")
    assert Decimal(left["leftStakingPersonalQuota"]) == 50 - worth
    assert left["soldOut"] is False
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + A_DAY
    assert left["nextEpochTime"] == milliseconds(midnight)
    assert alice.post(f"{SOL}/sol/stake", amount="31").code == -6011


def test_in_maintenance_nothing_comes_in_and_what_leaves_waits_as_the_quota_says(staking, alice):
    stake(alice)
    at = clock.now()
    earn.announce_window(
        earn.Maintenance(
            starts_at=at,
            expected_end=at + A_DAY,
            stops_subscriptions=True,
            stops_redemptions=True,
            reason="upgrade",
            author="ops",
            product_code="ETH2",
        ),
        at=at,
    )
    found = alice.get(f"{ETH}/eth/quota").json
    assert (found["stakeable"], found["redeemable"]) == (False, False)
    assert alice.post(STAKE, amount="1").code == -6004
    ends = earn.list_windows(at=at, product_code="ETH2")[0].ends_at
    waits = alice.post(f"{ETH}/eth/redeem", amount="1").json
    assert waits["arrivalTime"] >= milliseconds(ends + 2 * A_DAY)
    [row] = alice.get(f"{ETH}/eth/history/redemptionHistory").json["rows"]
    assert (row["status"], row["amount"]) == ("PENDING", "1.00000000")


@pytest.mark.parametrize(
    ("path", "sent", "code"),
    [
        (STAKE, {"amount": "0.00009"}, -6005),
        (STAKE, {"amount": "89.3"}, -6012),
        (STAKE, {"amount": "0"}, -6016),
        (STAKE, {"amount": "1.0000000000000000001"}, -1111),
        (STAKE, {"amount": "NaN"}, -1100),
        (STAKE, {}, -1102),
        (f"{SOL}/sol/stake", {"amount": "1.0000000001"}, -1111),
        (f"{ETH}/eth/redeem", {"amount": "10.00000001"}, -6018),
        (f"{ETH}/eth/redeem", {"amount": "0"}, -6016),
        (f"{ETH}/eth/redeem", {"amount": ""}, -1102),
        (f"{ETH}/eth/redeem", {"amount": "1", "asset": "ETH"}, -1130),
        (f"{SOL}/sol/redeem", {"amount": "1"}, -6018),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(staking, alice, path, sent, code):
    stake(alice)
    before = in_spot(staking.alice, "ETH"), in_spot(staking.alice, "WBETH")
    refused = alice.post(path, **sent)
    assert (refused.status, refused.code) == (400, code), refused.body
    assert (in_spot(staking.alice, "ETH"), in_spot(staking.alice, "WBETH")) == before


def test_where_nothing_is_offered_there_is_no_product(world, alice):
    assert alice.get(ACCOUNT).code == -6001
    assert alice.post(STAKE, amount="1").code == -6001
    assert alice.get(f"{SOL}/sol/history/rateHistory").code == -6001


def test_what_is_anothers_is_nothing(staking, alice, bob):
    done = stake(alice)
    publish("1.09")
    after_midnight()
    alice.post(f"{ETH}/eth/redeem", amount="1")
    assert bob.get(ACCOUNT).json["holdingInETH"] == "0.00000000"
    path = f"{ETH}/eth/history"
    assert bob.get(f"{path}/stakingHistory", purchaseId=done["purchaseId"]).json["total"] == 0
    assert bob.get(f"{path}/redemptionHistory").json["total"] == 0
    assert bob.get(f"{path}/wbethRewardsHistory").json["total"] == 0
    assert bob.post(f"{ETH}/eth/redeem", amount="1").code == -6018


def test_a_replay_stakes_and_gives_back_nothing(staking, alice):
    for path, amount in ((STAKE, "10.8"), (f"{ETH}/eth/redeem", "1")):
        text = alice.signed(alice.text(amount=amount))
        assert alice.send_text("POST", path, text).status == 200
        before = in_spot(staking.alice, "WBETH")
        assert alice.send_text("POST", path, text).code == -1022
        assert in_spot(staking.alice, "WBETH") == before


def test_tokens_that_were_bought_are_held_and_can_be_given_back(staking, bob):
    wallet.credit_one(
        wallet.Credit(account_id=staking.bob, amount=wbeth("3"), key="sent"), at=OPENING
    )
    earn.follow_tokens(at=clock.now())
    assert bob.get(ACCOUNT).json["holdingInETH"] == "3.24000000"
    assert bob.post(f"{ETH}/eth/redeem", amount="3").json["ethAmount"] == "3.24000000"
