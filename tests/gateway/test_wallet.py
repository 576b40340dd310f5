"""What an account has, moves between its wallets and is paid, as the API tells it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import clock
from tests.earn.world import A_DAY, OPENING, work
from tests.gateway.caller import Client, call

TRANSFER = "/sapi/v1/asset/transfer"


@pytest.fixture
def priced(world):
    assets.quote_prices(
        assets.Quote(asset=asset, usd=Decimal(usd), valid_from=OPENING, source="tests")
        for asset, usd in (("USDT", "1"), ("BTC", "50000"))
    )


def test_spot_and_funding_and_what_moves_between_them(world, priced, alice):
    done = alice.post(TRANSFER, type="MAIN_FUNDING", asset="USDT", amount="1000")
    assert done.status == 200, done.body
    [spot] = alice.post("/sapi/v3/asset/getUserAsset", needBtcValuation="true").json
    assert (spot["free"], spot["btcValuation"]) == ("4000.00000000", "0.08000000")
    [funding] = alice.post("/sapi/v1/asset/get-funding-asset").json
    assert (funding["free"], funding["btcValuation"]) == ("1000.00000000", "0.00000000")
    told = alice.get(TRANSFER, type="MAIN_FUNDING").json
    assert told["total"] == 1
    assert told["rows"][0] == {
        "asset": "USDT",
        "amount": "1000.00000000",
        "type": "MAIN_FUNDING",
        "status": "CONFIRMED",
        "tranId": done.json["tranId"],
        "timestamp": told["rows"][0]["timestamp"],
    }
    assert alice.get(TRANSFER, type="FUNDING_MAIN").json == {"total": 0, "rows": []}
    back = alice.post(TRANSFER, type="FUNDING_MAIN", asset="USDT", amount="400")
    assert back.status == 200
    assert world.balances() == {"spot_available": Decimal(4400), "funding": Decimal(600)}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"type": "MAIN_MARGIN", "asset": "USDT", "amount": "1"}, -1130),
        ({"type": "MAIN_FUNDING", "asset": "GOLD", "amount": "1"}, -4018),
        ({"type": "MAIN_FUNDING", "asset": "USDT", "amount": "5000.1"}, -6012),
        ({"type": "FUNDING_MAIN", "asset": "USDT", "amount": "1"}, -6012),
        ({"type": "MAIN_FUNDING", "asset": "USDT", "amount": "0"}, -6016),
        ({"type": "MAIN_FUNDING", "asset": "BTC", "amount": "0.000000001"}, -1111),
    ],
)
def test_what_cannot_be_moved_is_refused(world, alice, sent, code):
    assert alice.post(TRANSFER, **sent).code == code
    assert world.balances() == {"spot_available": Decimal(5000)}


def test_wallets_are_valued(world, priced, alice):
    alice.post("/sapi/v1/simple-earn/flexible/subscribe", productId="FLEX", amount="1000")
    found = alice.get("/sapi/v1/asset/wallet/balance").json
    values = {one["walletName"]: one["balance"] for one in found}
    assert values == {"Spot": "0.08000000", "Funding": "0.00000000", "Earn": "0.02000000"}
    found = alice.get("/sapi/v1/asset/wallet/balance", quoteAsset="USDT").json
    assert {one["balance"] for one in found} == {
        "4000.00000000", "0.00000000", "1000.00000000",
    }  # fmt: skip
    account = alice.get("/sapi/v1/simple-earn/account").json
    assert account["totalAmountInUSDT"] == "1000.00000000"
    assert account["totalFlexibleAmountInBTC"] == "0.02000000"


def test_every_asset_is_listed_with_what_is_there(world, alice):
    found = {one["coin"]: one for one in alice.get("/sapi/v1/capital/config/getall").json}
    assert found["USDT"]["free"] == "5000.00000000"
    assert found["BTC"]["free"] == "0.00000000"


def test_what_a_key_may_do(world):
    one = Client.of(world.alice, rights="read", networks="203.0.113.0/24")
    found = one.get("/sapi/v1/account/apiRestrictions").json
    assert (found["ipRestrict"], found["enableSpotAndMarginTrading"]) == (True, False)
    assert found["enableReading"] is True
    other = Client.of(world.alice, rights="read,trade")
    assert other.get("/sapi/v1/account/apiRestrictions").json["permitsUniversalTransfer"] is True


def test_rewards_are_dividends(world, alice):
    earn.set_rate(product_code="FLEX", apr=Decimal("3.65"), at=clock.now())
    alice.post(
        "/sapi/v1/simple-earn/flexible/subscribe",
        productId="FLEX",
        amount="1000",
        autoSubscribe="false",
    )
    clock.advance(2 * A_DAY)
    work(clock.now())
    found = alice.get("/sapi/v1/asset/assetDividend").json
    assert found["total"] == len(found["rows"]) == 2
    paid = sum(Decimal(one["amount"]) for one in found["rows"])
    [position] = earn.list_positions(account_id=world.alice, at=clock.now())
    assert paid == position.rewards_paid.number
    assert {one["enInfo"] for one in found["rows"]} == {"Flexible real-time reward"}


def test_snapshots_are_of_the_ends_of_days(world, priced, alice):
    alice.post(TRANSFER, type="MAIN_FUNDING", asset="USDT", amount="1000")
    clock.advance(2 * A_DAY)
    found = alice.get("/sapi/v1/accountSnapshot", type="SPOT").json
    assert (found["code"], len(found["snapshotVos"])) == (200, 7)
    free = [one["data"]["balances"][0]["free"] for one in found["snapshotVos"]]
    assert free[-2:] == ["4000.00000000"] * 2
    assert free[0] == "5000.00000000"
    assert found["snapshotVos"][-1]["data"]["totalAssetOfBtc"] == "0.08000000"
    assert alice.get("/sapi/v1/accountSnapshot", type="MARGIN").json["snapshotVos"] == []


def test_maintenance_of_everything_is_said(world):
    assert call("GET", "/sapi/v1/system/status").json == {"status": 0, "msg": "normal"}
    at = clock.now()
    earn.announce_window(
        earn.Maintenance(
            product_code=None,
            asset=None,
            stops_subscriptions=True,
            stops_redemptions=True,
            reason="Tests",
            starts_at=at,
            expected_end=at + timedelta(hours=1),
            author="tests",
        ),
        at=at,
    )
    assert call("GET", "/sapi/v1/system/status").json["status"] == 1
