"""What goes in, is shown, comes out and is told, the same through each client and in the book."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.kernel import clock
from tests.clients.serving import Key, python_binance, sdk
from tests.clients.test_authentication import refusal_of


@pytest.fixture
def clients(served):
    """Return python-binance and the exchange's own client of Simple Earn."""
    made = (
        python_binance(served.server, served.key),
        sdk("simple_earn", served.server, served.key),
    )
    yield made
    made[0].close_connection()


def total(served):
    return sum(served.world.balances().values())


def held(served, code):
    """Return what the database says of Alice's positions in a product."""
    found = earn.list_positions(account_id=served.world.alice, at=clock.now())
    return [one.amount.number for one in found if one.product.code == code]


def test_flexible_from_subscription_to_record(served, clients):
    theirs, ours = clients
    theirs.subscribe_simple_earn_flexible_product(productId="FLEX", amount="100.12345678")
    ours.subscribe_flexible_product(product_id="FLEX", amount=50.5)
    assert total(served) == Decimal(5000)
    [seen] = theirs.get_simple_earn_flexible_product_position(asset="USDT")["rows"]
    [same] = ours.get_flexible_product_position(asset="USDT").data().rows
    [kept] = held(served, "FLEX")
    assert Decimal(seen["totalAmount"]) == Decimal(same.total_amount) == kept
    assert kept == Decimal("150.62345678")
    assert ours.get_flexible_subscription_preview("FLEX", 10.0).data().total_amount
    out = ours.redeem_flexible_product("FLEX", amount=50.5).data()
    theirs.redeem_simple_earn_flexible_product(productId="FLEX", redeemAll=True)
    assert served.world.balances() == {"spot_available": Decimal(5000)}
    rows = ours.get_flexible_redemption_record().data().rows
    assert {one.status for one in rows} == {"PAID"}
    assert out.redeem_id in {one.redeem_id for one in rows}
    told = theirs.margin_v1_get_simple_earn_flexible_history_redemption_record()
    assert [one["redeemId"] for one in told["rows"]] == [one.redeem_id for one in rows]


def test_locked_to_its_end_and_before_it(served, clients):
    theirs, ours = clients
    preview = ours.get_locked_subscription_preview("TERM", 1000.0, auto_subscribe=False).data()
    assert preview
    first = theirs.subscribe_simple_earn_locked_product(
        projectId="TERM", amount="1000", autoSubscribe=False
    )
    second = ours.subscribe_locked_product("TERM", 500.0, auto_subscribe=False).data()
    assert total(served) == Decimal(5000)
    rows = theirs.get_simple_earn_locked_product_position()["rows"]
    shown_amounts = sorted(Decimal(one["amount"]) for one in rows)
    assert shown_amounts == sorted(held(served, "TERM")) == [500, 1000]
    shown = ours.get_locked_product_position().data().rows
    assert {str(one.position_id) for one in shown} == {
        str(first["positionId"]), str(second.position_id),
    }  # fmt: skip
    assert len(ours.get_locked_subscription_record().data().rows) == 2
    assert ours.redeem_locked_product(second.position_id).data().success
    served.let_pass(timedelta(days=4))
    assert sorted(held(served, "TERM")) == [1000]
    served.let_pass(timedelta(days=32))
    served.let_pass(timedelta(days=4))
    assert theirs.get_simple_earn_locked_product_position()["rows"] == []
    assert total(served) > Decimal(5000)
    told = ours.get_locked_redemption_record().data().rows
    assert {str(one.position_id) for one in told} >= {str(first["positionId"])}


def test_automatic_subscription_and_quotas(served, clients):
    theirs, ours = clients
    theirs.subscribe_simple_earn_flexible_product(productId="SMALL", amount="30")
    for wish in (False, True):
        assert ours.set_flexible_auto_subscribe("SMALL", auto_subscribe=wish).data().success
        [row] = ours.get_flexible_product_position(product_id="SMALL").data().rows
        assert row.auto_subscribe is wish
    left = ours.get_flexible_personal_left_quota("SMALL").data().left_personal_quota
    assert Decimal(left) == Decimal(40)
    refused = refusal_of(
        theirs.subscribe_simple_earn_flexible_product, productId="SMALL", amount="40.1"
    )
    assert refused in {-6007, -6014, -6018, -6006, -6011}
    assert held(served, "SMALL") == [Decimal(30)]


@pytest.fixture
def strangers_position(served):
    bobs = sdk("simple_earn", served.server, Key.of(served.world.bob))
    return bobs.subscribe_locked_product("TERM", 100.0).data().position_id


def test_bad_parameters_have_their_codes_and_move_nothing(served, clients, strangers_position):
    theirs, _ = clients
    subscribe = theirs.subscribe_simple_earn_flexible_product
    for sent, code in (
        ({"productId": "FLEX"}, -1102),
        ({"productId": "", "amount": "1"}, -1102),
        ({"productId": "FLEX", "amount": ""}, -1102),
        ({"productId": "FLEX", "amount": "much"}, -1100),
        ({"productId": "FLEX", "amount": "NaN"}, -1100),
        ({"productId": "FLEX", "amount": "-1"}, -1100),
        ({"productId": "FLEX", "amount": "9" * 21}, -1100),
        ({"productId": "FLEX", "amount": "1.0000000000000000001"}, -1111),
        ({"productId": "FLEX", "amount": "5000.1"}, -6012),
        ({"productId": "FLEX", "amount": "0.01"}, -6005),
        ({"productId": "NONE", "amount": "1"}, -6001),
        ({"productId": "FLEX", "amount": "1", "AMOUNT": "2"}, -1101),
    ):
        assert refusal_of(subscribe, **sent) == code, sent
    foreign = refusal_of(theirs.redeem_simple_earn_locked_product, positionId=strangers_position)
    absent = refusal_of(theirs.redeem_simple_earn_locked_product, positionId="999999")
    assert foreign == absent
    assert served.world.balances() == {"spot_available": Decimal(5000)}
