"""A signed request is carried out once, whoever sends it how often (decision 0037)."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from mooring.gateway import policies as gateway_policies
from mooring.gateway.binance import answering, pacing
from mooring.kernel import clock, db
from mooring.policies import api as policies
from tests.earn.world import World
from tests.gateway.caller import Client

FLEXIBLE = "/sapi/v1/simple-earn/flexible"


def test_a_replay_of_what_moves_money_moves_none(world, alice):
    text = alice.signed(alice.text(productId="FLEX", amount="10"))
    assert alice.send_text("POST", f"{FLEXIBLE}/subscribe", text).status == 200
    for again in (text, text.replace("signature=", "signatur%65=")):
        refused = alice.send_text("POST", f"{FLEXIBLE}/subscribe", again)
        assert (refused.status, refused.code) == (400, -1022)
    assert world.balances()["earn_flexible"] == Decimal(10)


def test_the_signature_in_other_letters_is_the_same_signature(world, alice):
    text = alice.text(productId="FLEX", amount="10")
    signed = alice.signed(text)
    made = signed.rpartition("=")[2]
    assert alice.send_text("POST", f"{FLEXIBLE}/subscribe", signed).status == 200
    shouted = f"{text}&signature={made.upper()}"
    assert alice.send_text("POST", f"{FLEXIBLE}/subscribe", shouted).code == -1022
    assert world.balances()["earn_flexible"] == Decimal(10)


def test_a_signature_for_one_path_is_none_for_another(world, alice):
    """The path is not signed: what was subscribed with a signature is not redeemed with it."""
    text = alice.signed(alice.text(productId="FLEX", amount="10"))
    assert alice.send_text("POST", f"{FLEXIBLE}/subscribe", text).status == 200
    found = alice.send_text("POST", f"{FLEXIBLE}/redeem", text)
    assert found.code == -1022
    assert world.balances()["earn_flexible"] == Decimal(10)


def test_a_replay_of_a_setting_does_not_set_it_again(world, alice):
    on = alice.signed(alice.text(productId="FLEX", autoSubscribe="true"))
    assert alice.send_text("POST", f"{FLEXIBLE}/setAutoSubscribe", on).status == 200
    alice.post(f"{FLEXIBLE}/setAutoSubscribe", productId="FLEX", autoSubscribe="false")
    assert alice.send_text("POST", f"{FLEXIBLE}/setAutoSubscribe", on).code == -1022
    alice.post(f"{FLEXIBLE}/subscribe", productId="FLEX", amount="1", autoSubscribe="false")
    [row] = alice.get(f"{FLEXIBLE}/position").json["rows"]
    assert row["autoSubscribe"] is False


@pytest.mark.django_db
def test_of_requests_remembered_together_each_is_carried_out_once():
    keys = [f"api.1.{digit * 64}" for digit in "abac"]
    assert pacing.claim(keys, clock.wall()) == [True, True, False, True]
    assert pacing.claim(keys[:2], clock.wall()) == [False, False]


def test_remembered_signatures_are_forgotten_when_they_have_expired(world, alice):
    db.execute(
        "INSERT INTO gateway_signature (request_key, expires_at) VALUES (%s, %s)",
        ["api.1." + "0" * 64, clock.wall().replace(year=2020)],
    )
    alice.post(f"{FLEXIBLE}/setAutoSubscribe", productId="FLEX", autoSubscribe="true")
    assert len(db.rows("SELECT 1 FROM gateway_signature")) == 1


def test_after_a_crash_what_moved_money_still_moves_none(world, alice):
    """The table of claims is empty then; the key of the movement is not."""
    text = alice.signed(alice.text(productId="FLEX", amount="10"))
    first = alice.send_text("POST", f"{FLEXIBLE}/subscribe", text)
    db.execute("DELETE FROM gateway_signature")
    assert alice.send_text("POST", f"{FLEXIBLE}/subscribe", text).json == first.json
    assert world.balances()["earn_flexible"] == Decimal(10)


def test_reads_may_be_repeated(world, alice):
    text = alice.signed(alice.text())
    assert [alice.send_text("GET", f"{FLEXIBLE}/position", text).status for _ in "12"] == [200, 200]


def test_twenty_at_once_with_one_signature_are_one(committed_db):
    world = World.build()
    alice = Client.of(world.alice)
    text = alice.signed(alice.text(productId="FLEX", amount="10", autoSubscribe="false"))

    def send(_number):
        try:
            return alice.send_text("POST", f"{FLEXIBLE}/subscribe", text).code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(send, range(20)))
    assert sorted(codes, key=str) == [-1022] * 19 + [None]
    assert world.balances()["earn_flexible"] == Decimal(10)


@pytest.mark.parametrize("seconds", [0, 3])
def test_an_account_subscribes_and_redeems_at_its_pace(world, alice, seconds):
    at = clock.now()
    policies.set_policy(
        gateway_policies.EARN_INTERVAL_SECONDS,
        seconds,
        effective_from=at,
        author="tests",
        reason="pace",
        at=at,
    )
    answering.METER._limits = None
    first = alice.post(f"{FLEXIBLE}/subscribe", productId="FLEX", amount="10")
    second = alice.post(f"{FLEXIBLE}/redeem", productId="FLEX", amount="1")
    assert (first.status, second.code) == (200, -6009 if seconds else None)
