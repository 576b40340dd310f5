"""Requests that are carried out together: each gets what is its own (decision 0040)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection

from mooring.earn import api as earn
from mooring.gateway import policies as gateway_policies
from mooring.gateway.binance import answering, together
from mooring.gateway.binance.endpoints import ENDPOINTS, Together
from mooring.kernel import clock, db
from mooring.policies import api as policies
from tests.earn.world import OPENING, World
from tests.gateway.caller import Client, call

REDEEM = "/sapi/v1/simple-earn/flexible/redeem"
BFUSD = "/sapi/v1/bfusd/redeem"
SUBSCRIBE = "/sapi/v1/simple-earn/flexible/subscribe"


@pytest.fixture
def arrive(monkeypatch):
    """Return what sends signed texts, to REDEEM or a path that follows, and keeps the requests."""

    def read(*sent):
        arrived = []

        def keep(request, *, at):
            arrived.append(request)
            return {}

        with monkeypatch.context() as patched:
            patched.setattr(answering, "carry_out_together", keep)
            for client, text, *path in sent:
                client.send_text("POST", *(path or [REDEEM]), text)
        return arrived

    return read


def outcomes_of(arrived, *, at=None):
    """Return what became of each: "done", or the code of its refusal."""
    found = together._carry_out_all(arrived, at or clock.now())
    return ["done" if isinstance(one, dict) else one.code for one in found]


@pytest.fixture
def in_earn(world, alice, bob):
    for client in (alice, bob):
        client.post(SUBSCRIBE, productId="FLEX", amount="100", autoSubscribe="false")
    return world


def redemption(client, **changed):
    return client.signed(client.text(**{"productId": "FLEX", "amount": "1"} | changed))


def taken_out():
    return [number for (number,) in db.rows("SELECT amount FROM earn_redemption ORDER BY id")]


def test_each_gets_what_is_its_own(in_earn, alice, bob, arrive):
    stranger = Client("A" * 64, "unknown")
    twice = redemption(bob, amount="3")
    forged = redemption(alice, amount="50").replace("amount=50", "amount=90")
    arrived = arrive(
        (alice, redemption(alice, amount="1")),
        (stranger, redemption(stranger)),
        (alice, forged),
        (bob, redemption(bob, productId="NOPE")),
        (bob, twice),
        (bob, twice),
        (alice, redemption(alice, amount="1000")),
        (alice, redemption(alice, amount="0.1234567890123456789")),
        (alice, redemption(alice, productId="")),
        (alice, redemption(alice, amount="2")),
    )
    assert outcomes_of(arrived) == [
        "done",
        "api_key_rejected",
        "api_signature_invalid",
        "earn_product_not_found",
        "done",
        "api_sent_before",
        "earn_amount_exceeds_position",
        "api_too_precise",
        "api_parameter_missing",
        "done",
    ]
    assert taken_out() == [Decimal(1), Decimal(3), Decimal(2)]


def test_nobody_takes_out_of_anothers_position(in_earn, alice, bob, arrive):
    bob.post(REDEEM, productId="FLEX", redeemAll="true")
    arrived = arrive((alice, redemption(alice)), (bob, redemption(bob)))
    assert outcomes_of(arrived) == ["done", "earn_position_not_found"]


def test_requests_of_several_endpoints_come_together(in_earn, alice, bob, arrive):
    in_earn.publish("BFUSD", minimum=Decimal("0.1"), standard_days=3)
    earn.set_rate(product_code="BFUSD", apr=Decimal(0), at=OPENING)
    alice.post("/sapi/v1/bfusd/subscribe", asset="USDT", amount="50")
    arrived = arrive(
        (alice, alice.signed(alice.text(amount="5", type="FAST")), BFUSD),
        (bob, redemption(bob, amount="3")),
        (bob, bob.signed(bob.text(amount="5")), BFUSD),
    )
    dollars, flexible, nothing = together._carry_out_all(arrived, clock.now())
    assert (dollars["receiveAmount"], dollars["fee"]) == ("5.00000000", "0.00000000")
    assert flexible["success"]
    assert nothing.code == "earn_position_not_found"
    assert sorted(taken_out()) == [Decimal(3), Decimal(5)]


def test_of_one_account_one_may_go_on_at_its_pace(in_earn, alice, bob, arrive):
    at = clock.now()
    policies.set_policy(
        gateway_policies.EARN_INTERVAL_SECONDS, 3, effective_from=at, author="tests",
        reason="pace", at=at,
    )  # fmt: skip
    answering.METER._limits = None
    arrived = arrive(
        (alice, redemption(alice, amount="1")),
        (alice, redemption(alice, amount="2")),
        (bob, redemption(bob, amount="3")),
    )
    assert outcomes_of(arrived) == ["done", "api_too_fast", "done"]
    assert outcomes_of(arrive((bob, redemption(bob)))) == ["api_too_fast"]


def test_what_was_claimed_is_ours_when_the_connection_was_lost_after_it(in_earn, alice, arrive):
    [request] = arrive((alice, redemption(alice)))
    handler, lost = request.handler, [OperationalError("lost")]

    def breaks(calls, *, at):
        if lost:
            raise lost.pop()
        return handler(calls, at=at)

    request.handler = breaks
    with pytest.raises(OperationalError):
        outcomes_of([request])
    assert outcomes_of([request]) == ["done"]
    # What was carried out and not heard of is answered, not carried out again.
    assert outcomes_of([request]) == ["done"]
    assert taken_out() == [Decimal(1)]


def test_a_request_that_waited_too_long_is_not_carried_out(in_earn, alice, arrive, monkeypatch):
    [request] = arrive((alice, redemption(alice)))
    later = clock.wall() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "wall", lambda: later)
    assert outcomes_of([request]) == ["api_timestamp_outside"]
    assert taken_out() == []


def test_questions_are_asked_once_for_all(
    in_earn, alice, bob, arrive, django_assert_max_num_queries
):
    few = arrive((alice, redemption(alice)), (bob, redemption(bob)))
    many = arrive(*((client, redemption(client)) for client in [alice, bob] * 10))
    # In one minute: the first of a minute also credit its rewards.
    at = clock.now()
    with django_assert_max_num_queries(100) as asked:
        assert outcomes_of(few, at=at) == ["done"] * 2
    with django_assert_max_num_queries(len(asked)):
        assert outcomes_of(many, at=at) == ["done"] * 20


def test_a_handler_of_many_is_for_who_is_known():
    together_ones = [one for one in ENDPOINTS.values() if isinstance(one.handler, Together)]
    assert {one.path for one in together_ones} == {REDEEM, BFUSD, "/sapi/v1/rwusd/redeem"}
    assert all(one.is_write for one in together_ones)


def test_thirty_at_once_through_the_front_door(committed_db):
    world = World.build()
    clients = [Client.of(world.alice), Client.of(world.bob)]
    for client in clients:
        client.post(SUBSCRIBE, productId="FLEX", amount="100", autoSubscribe="false")

    def send(number):
        client = clients[number % 2]
        text = redemption(client, amount=str(1 + number % 3), n=str(number))
        headers = {"X-MBX-APIKEY": client.api_key}
        try:
            return call("POST", REDEEM, query=text, headers=headers).json
        finally:
            connection.close()

    with ThreadPoolExecutor(30) as pool:
        found = list(pool.map(send, range(30)))
    assert all(one["success"] for one in found)
    assert len({one["redeemId"] for one in found}) == 30
    assert sum(taken_out()) == Decimal(60)


def test_the_client_of_these_tests_signs_no_two_requests_alike(alice):
    texts = {alice.text(productId="FLEX", amount="1") for _ in range(500)}
    assert len(texts) == 500
