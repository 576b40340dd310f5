"""What clients ask of spot: times, symbols, prices from the feed, the account, no orders."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.kernel import clock
from tests.gateway.caller import call


@pytest.fixture
def prices(world):
    at = clock.now()
    for hours, usdt, btc in ((30, "1", "100"), (20, "1", "150"), (2, "1.25", "125")):
        moment = at - timedelta(hours=hours)
        assets.quote_prices(
            assets.Quote(asset=asset, usd=Decimal(usd), valid_from=moment, source="tests")
            for asset, usd in (("USDT", usdt), ("BTC", btc))
        )


def test_ping_and_time_need_no_key_and_take_an_empty_one(world):
    assert call("GET", "/api/v3/ping").json == {}
    found = call("GET", "/api/v3/time", headers={"X-MBX-APIKEY": ""}).json
    assert abs(found["serverTime"] - clock.wall().timestamp() * 1000) < 60_000


def test_the_time_is_the_real_one_in_a_sandbox_too(world):
    clock.advance(timedelta(days=300))
    found = call("GET", "/api/v3/time").json
    assert abs(found["serverTime"] - clock.wall().timestamp() * 1000) < 60_000


def test_symbols_are_what_has_a_price_and_nobody_trades_them(prices):
    found = call("GET", "/api/v3/exchangeInfo").json
    [symbol] = found["symbols"]
    assert (symbol["symbol"], symbol["status"]) == ("BTCUSDT", "BREAK")
    assert call("GET", "/api/v3/exchangeInfo", query="symbol=NONE").code == -1121


def test_prices_are_the_feeds(prices):
    one = call("GET", "/api/v3/ticker/price", query="symbol=BTCUSDT").json
    assert one == {"symbol": "BTCUSDT", "price": "100.00000000"}
    assert call("GET", "/api/v3/ticker/price").json == [one]
    assert call("GET", "/api/v3/ticker/price", query='symbols=["BTCUSDT"]').json == [one]
    day = call("GET", "/api/v3/ticker/24hr", query="symbol=BTCUSDT").json
    assert (day["openPrice"], day["highPrice"], day["lowPrice"], day["lastPrice"]) == (
        "80.00000000", "120.00000000", "80.00000000", "100.00000000",
    )  # fmt: skip
    assert (day["priceChange"], day["priceChangePercent"]) == ("20.00000000", "25.000")
    mini = call("GET", "/api/v3/ticker/24hr", query="symbol=BTCUSDT&type=MINI").json
    assert mini.keys() < day.keys()
    assert call("GET", "/api/v3/avgPrice", query="symbol=BTCUSDT").json["price"] == "100.00000000"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("symbol=NONE", -1121),
        ('symbols=["NONE"]', -1121),
        ('symbol=BTCUSDT&symbols=["BTCUSDT"]', -1128),
        ("symbols=BTCUSDT", -1100),
        ("symbols=[BTCUSDT]", -1100),
        ("symbol=btc/usdt", -1100),
    ],
)
def test_what_is_no_symbol_is_refused(prices, query, code):
    assert call("GET", "/api/v3/ticker/price", query=query).code == code


def test_the_account_is_the_book_to_the_last_digit(world, alice):
    found = alice.get("/api/v3/account").json
    assert found["balances"] == [{"asset": "USDT", "free": "5000.00000000", "locked": "0.00000000"}]
    assert (found["uid"], found["canTrade"]) == (world.alice, False)
    alice.post(
        "/sapi/v1/asset/transfer",
        type="MAIN_FUNDING",
        asset="USDT",
        amount="0.000000000000000001",
    )
    [one] = alice.get("/api/v3/account").json["balances"]
    assert one["free"] == "4999.999999999999999999"


def test_there_are_no_orders(prices, alice):
    assert alice.get("/api/v3/openOrders").json == []
    assert alice.get("/api/v3/myTrades", symbol="BTCUSDT").json == []
    assert alice.get("/api/v3/myTrades", symbol="NONE").code == -1121
    assert alice.get("/api/v3/order", symbol="BTCUSDT", orderId=1).code == -2013
    assert alice.send("DELETE", "/api/v3/order", symbol="BTCUSDT", orderId=1).code == -2011
    assert alice.post("/api/v3/order", symbol="BTCUSDT", side="BUY", type="MARKET").code == -1020
