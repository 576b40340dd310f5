"""What holds of every endpoint, made of its declaration: rights, bad parameters, wrong methods."""

from dataclasses import replace
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.gateway.binance.elsewhere import ELSEWHERE
from mooring.gateway.binance.endpoints import Right
from mooring.gateway.binance.refusals import CODES
from mooring.gateway.binance.table import ENDPOINTS
from mooring.kernel.errors import Refusal
from tests.earn.world import OPENING
from tests.gateway.caller import Client, call

ALL = sorted(ENDPOINTS.values(), key=lambda one: (one.path, one.method))
SIGNED = [one for one in ALL if one.right is not None]
WRITES = [one for one in ALL if one.is_write]
#: Texts that are no value of any parameter, or of hardly any.
STRANGE = (
    "NaN", "-1", "0", "1e400", "9" * 21, "9" * 200, "1.5", "x' OR 1=1 --", "１２", "٣", "\u202e",
    "../../etc/passwd", "<b>", "%", "[]", "null", "true ", "a\u0301" * 50,
)  # fmt: skip
#: What the exchange documents; whatever is answered has one of these codes.
DOCUMENTED = {
    -1000, -1002, -1003, -1007, -1020, -1021, -1022, -1099, -1100, -1101, -1102, -1104, -1105,
    -1111, -1121, -1127, -1128, -1130, -1131, -2010, -2011, -2013, -2014, -2015, -4018, -6001,
    -6003, -6004, -6005, -6006, -6007, -6008, -6009, -6011, -6012, -6014, -6016, -6018, -6020,
}  # fmt: skip


@pytest.fixture
def world(world):
    """The world of these tests, with prices and so with symbols."""
    assets.quote_prices(
        assets.Quote(asset=asset, usd=Decimal(usd), valid_from=OPENING, source="tests")
        for asset, usd in (("USDT", "1"), ("BTC", "50000"))
    )
    return world


def name_of(one):
    return f"{one.method} {one.path}"


#: Examples are of the demo; a product that does not exist would hide what comes after it.
HERE = {"productId": "FLEX", "projectId": "LOCK", "symbol": "BTCUSDT"}


def sample(endpoint):
    return {
        parameter.name: HERE.get(parameter.name, parameter.example)
        for parameter in endpoint.parameters
        if parameter.is_required
    }


@pytest.mark.parametrize("endpoint", ALL, ids=name_of)
def test_it_is_declared_as_the_exchange_has_it(endpoint):
    assert (endpoint.method, endpoint.path) in ELSEWHERE
    assert endpoint.weight.units >= 1
    assert endpoint.handler.__doc__
    names = [parameter.name.lower() for parameter in endpoint.parameters]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("endpoint", SIGNED, ids=name_of)
def test_without_a_key_nothing_is_told(world, endpoint):
    found = call(endpoint.method, endpoint.path)
    assert (found.status, found.code) == (401, -2014)


@pytest.mark.parametrize("endpoint", WRITES, ids=name_of)
def test_a_key_that_only_reads_changes_nothing(world, endpoint):
    reads = Client.of(world.alice, rights="read")
    found = reads.send(endpoint.method, endpoint.path, **sample(endpoint))
    assert (found.status, found.code) == (401, -2015)


@pytest.mark.parametrize("endpoint", WRITES, ids=name_of)
def test_what_changes_something_needs_the_right_to_trade(endpoint):
    assert endpoint.right in {Right.TRADE, Right.WITHDRAW}
    assert endpoint.method != "GET"


@pytest.mark.parametrize("endpoint", ALL, ids=name_of)
def test_a_required_parameter_that_is_missing_or_empty_is_named(world, alice, endpoint):
    for parameter in endpoint.parameters:
        if not parameter.is_required:
            continue
        for sent in ({}, {parameter.name: ""}):
            given = {name: v for name, v in sample(endpoint).items() if name != parameter.name}
            found = alice.send(endpoint.method, endpoint.path, **given, **sent)
            assert found.code == -1102
            # The first that is missing is named: those before it are there.
            assert f"'{parameter.name}'" in found.json["msg"]


@pytest.mark.parametrize("endpoint", ALL, ids=name_of)
def test_strange_values_are_answered_with_a_code_and_change_nothing(world, alice, endpoint):
    for parameter in endpoint.parameters:
        for text in STRANGE:
            before = world.balances()
            given = {**sample(endpoint), parameter.name: text}
            found = alice.send(endpoint.method, endpoint.path, **given)
            assert found.status < 500, (parameter.name, text, found.body)
            if found.status == 200:
                # Some are values of some parameters: then money moves, and none is lost.
                assert sum(world.balances().values()) == sum(before.values())
                continue
            assert found.code in DOCUMENTED, (parameter.name, text)
            assert world.balances() == before


@pytest.mark.parametrize("endpoint", ALL, ids=name_of)
def test_another_method_is_no_endpoint(world, alice, endpoint):
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"} - {endpoint.method}:
        if (method, endpoint.path) in ENDPOINTS:
            continue
        found = alice.send(method, endpoint.path, **sample(endpoint))
        if method != "HEAD":
            assert found.code in {-1099, -1020}
        assert found.status in {400, 404}


@pytest.mark.parametrize(
    ("method", "path"), sorted(ELSEWHERE - ENDPOINTS.keys()), ids=lambda part: part
)
def test_what_the_exchange_has_and_we_have_not_is_said_to_be_unsupported(world, method, path):
    found = call(method, path)
    assert (found.status, found.code) == (400, -1020)


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v3/", "/sapi/v1/none", "/fapi/v9/x", "/dapi/%00", "/sapi/" + "x" * 9000]
)
def test_a_path_that_is_none_is_answered_as_json(world, path):
    found = call("GET", path)
    assert (found.status, found.code) == (404, -1099)


def test_every_code_is_documented():
    assert {number for number, _ in CODES.values()} <= DOCUMENTED


def test_a_refusal_without_a_code_is_a_fault_that_tells_nothing(world, alice, monkeypatch, caplog):
    class Unforeseen(Refusal):
        """Nobody thought of it."""

        code = "unforeseen_by_the_table"

    path = "/sapi/v1/simple-earn/account"

    def refuse(_call):
        raise Unforeseen

    monkeypatch.setitem(ENDPOINTS, ("GET", path), replace(ENDPOINTS["GET", path], handler=refuse))
    found = alice.get(path)
    assert (found.status, found.code) == (500, -1000)
    assert "unforeseen_by_the_table" in caplog.text


def test_a_fault_of_ours_tells_nothing(world, alice, monkeypatch, caplog):
    def broken(_call):
        message = "secret of the house"
        raise ValueError(message)

    path = "/sapi/v1/simple-earn/account"
    monkeypatch.setitem(ENDPOINTS, ("GET", path), replace(ENDPOINTS["GET", path], handler=broken))
    found = alice.get(path)
    assert (found.status, found.code) == (500, -1000)
    assert "secret" not in found.body.decode()
    assert "secret of the house" in caplog.text
