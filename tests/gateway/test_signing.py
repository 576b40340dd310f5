"""Who a request is from, and whether it is of now: every refusal with its code."""

from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest

from mooring.accounts import api as accounts
from mooring.gateway import policies as gateway_policies
from mooring.gateway.binance import answering, signing
from mooring.kernel import clock
from mooring.policies import api as policies
from tests.gateway.caller import Client, call, hmac_of, now_ms

PATH = "/sapi/v1/simple-earn/flexible/position"
SUBSCRIBE = "/sapi/v1/simple-earn/flexible/subscribe"


def signed(client, text, path=PATH, method="GET"):
    return client.send_text(method, path, client.signed(text))


# --- the key ---


def test_no_key_is_a_bad_format(world):
    assert call("GET", PATH, query=f"timestamp={now_ms()}&signature=00").code == -2014


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "ä" * 64, "x" * 63 + " "])
def test_what_cannot_be_a_key_is_a_bad_format(world, key):
    query = f"timestamp={now_ms()}&signature=00"
    found = call("GET", PATH, query=query, headers={"X-MBX-APIKEY": key})
    assert (found.status, found.code) == (401, -2014)


def test_unknown_ended_wrong_address_and_missing_right_are_answered_alike(world, alice):
    ended, far = Client.of(world.alice), Client.of(world.alice, networks="198.51.100.0/24")
    [key_id] = [
        key.id for key in accounts.keys.list_api_keys(world.alice) if key.api_key == ended.api_key
    ]
    accounts.keys.revoke_api_key(account_id=world.alice, key_id=key_id, origin=None, at=clock.now())
    unknown = Client("y" * 64, alice.secret)
    reads = Client.of(world.alice, rights="read")
    answers = [
        unknown.get(PATH),
        ended.get(PATH),
        far.get(PATH),
        reads.post(SUBSCRIBE, productId="FLEX", amount="1"),
    ]
    assert {(found.status, found.body) for found in answers} == {(401, answers[0].body)}
    assert answers[0].code == -2015


def test_the_address_is_not_what_a_header_says(world):
    far = Client.of(world.alice, networks="198.51.100.0/24")
    text = far.signed(far.text())
    headers = {"X-MBX-APIKEY": far.api_key, "X-Forwarded-For": "198.51.100.7"}
    assert call("GET", PATH, query=text, headers=headers).code == -2015
    assert call("GET", PATH, query=text, headers=headers, ip="198.51.100.7").status == 200


# --- the time ---


@pytest.mark.parametrize(
    ("behind_ms", "window", "code"),
    [
        (0, None, None),
        (5_000, None, None),
        (5_001, None, -1021),
        (0, "0", None),
        (1, "0", -1021),
        (60_000, "60000", None),
        (60_001, "60000", -1021),
        (0, "60000.001", -1131),
        (0, "60001", -1131),
        (0, "-1", -1100),
        (0, "1.0001", -1100),
        (0, "", -1102),
        (-999, None, None),
        (-1_000, None, -1021),
    ],
)
def test_a_request_is_of_now_to_the_millisecond(world, alice, monkeypatch, behind_ms, window, code):
    wall = clock.wall().replace(microsecond=0)
    monkeypatch.setattr(signing.clock, "wall", lambda: wall)
    sent = {"timestamp": signing.milliseconds(wall) - behind_ms}
    if window is not None:
        sent["recvWindow"] = window
    assert signed(alice, urlencode(sent)).code == code


@pytest.mark.parametrize(
    ("timestamp", "code"),
    [("", -1102), ("-1", -1100), ("1.5", -1100), ("1e12", -1100), ("１", -1100),
     ("0", -1021), ("9" * 20, -1021), ("9" * 21, -1100)],
)  # fmt: skip
def test_a_timestamp_is_digits(world, alice, timestamp, code):
    assert signed(alice, urlencode({"timestamp": timestamp})).code == code


def test_a_timestamp_may_be_in_microseconds(world, alice):
    assert signed(alice, f"timestamp={signing.microseconds(clock.wall())}").status == 200


def test_the_clock_of_the_sandbox_changes_nothing(world, alice):
    clock.advance(timedelta(days=40))
    assert alice.get(PATH).status == 200


def test_the_time_is_checked_again_before_a_request_is_carried_out(world, alice, monkeypatch):
    right = answering.identify

    def slow(*args, **kwargs):
        caller = right(*args, **kwargs)
        late = clock.wall() + timedelta(seconds=11)
        monkeypatch.setattr(signing.clock, "wall", lambda: late)
        return caller

    monkeypatch.setattr(answering, "identify", slow)
    assert alice.post(SUBSCRIBE, productId="FLEX", amount="1").code == -1021
    assert "earn_flexible" not in world.balances()


# --- the signature ---


def test_a_wrong_signature_is_told_apart_from_a_wrong_key(world, alice):
    text = alice.text()
    found = alice.send_text("GET", PATH, f"{text}&signature={'0' * 64}")
    assert (found.status, found.code) == (400, -1022)
    assert alice.send_text("GET", PATH, text).code == -1102


def test_the_signature_may_stand_anywhere_and_in_any_case(world, alice):
    text = alice.text(asset="USDT")
    first, rest = text.split("&", 1)
    made = hmac_of(alice.secret, text)
    for sent in (
        f"signature={made}&{text}",
        f"{first}&signature={made}&{rest}",
        f"{text}&signature={made.upper()}",
    ):
        assert alice.send_text("GET", PATH, sent).status == 200, sent


def test_the_signed_text_is_query_and_body_without_anything_between(world, alice):
    query, body = "asset=USDT", f"timestamp={now_ms()}"
    made = hmac_of(alice.secret, query + body)
    headers = {"X-MBX-APIKEY": alice.api_key}
    assert (
        call("GET", PATH, query=query, body=f"{body}&signature={made}".encode(), headers=headers)
        .status == 200
    )  # fmt: skip


def test_what_was_signed_before_it_was_encoded_is_taken_unless_the_switch_says_no(world, alice):
    plain = f"productId=Eth*30&amount=1&timestamp={now_ms()}"
    sent = "&".join(
        f"{name}={quote(value)}" for name, value in (one.split("=") for one in plain.split("&"))
    )
    text = f"{sent}&signature={hmac_of(alice.secret, plain)}"
    assert alice.send_text("GET", f"{PATH}", text).status == 200
    at = clock.now()
    policies.set_policy(
        gateway_policies.STRICT_SIGNATURES,
        True,
        effective_from=at,
        author="tests",
        reason="strict",
        at=at,
    )
    answering.METER._limits = None
    assert alice.send_text("GET", f"{PATH}", text).code == -1022


def test_encoding_moves_no_border_between_parameters(world, alice):
    """Signed before encoding, `a=1&b=2` must not become one parameter with an `&` in it."""
    plain = f"productId=FLEX&amount=1&timestamp={now_ms()}"
    made = hmac_of(alice.secret, plain)
    for moved in (
        plain.replace("FLEX&amount", "FLEX%26amount"),
        plain.replace("amount=1&", "amount=1%26"),
        plain.replace("&amount=", "&amount%3D"),
    ):
        found = alice.send_text("POST", SUBSCRIBE, f"{moved}&signature={made}")
        assert found.code in {-1022, -1102}, moved
    assert "earn_flexible" not in world.balances()


# --- parameters ---


def test_parameters_in_both_places_change_nothing(world, alice):
    """`amount=1` in the query and `00` in the body were signed as `amount=100`."""
    text = f"productId=FLEX&timestamp={now_ms()}&amount=1"
    body = "00"
    made = hmac_of(alice.secret, text + body)
    found = call(
        "POST", SUBSCRIBE, query=f"{text}&signature={made}", body=body.encode(),
        headers={"X-MBX-APIKEY": alice.api_key},
    )  # fmt: skip
    assert found.code == -1101
    assert "earn_flexible" not in world.balances()


@pytest.mark.parametrize("twice", ["amount=1&amount=2", "amount=1&AMOUNT=2", "amount=1&amoun%74=2"])
def test_a_parameter_sent_twice_is_refused(world, alice, twice):
    text = f"productId=FLEX&{twice}&timestamp={now_ms()}"
    assert alice.send_text("POST", SUBSCRIBE, alice.signed(text)).code == -1101


def test_a_signature_sent_twice_is_refused(world, alice):
    text = alice.signed(alice.text())
    assert alice.send_text("GET", PATH, f"{text}&signature=00").code == -1101


def test_names_are_read_in_any_case_and_a_form_needs_no_content_type(world, alice):
    alice.place = "body"
    assert alice.post(SUBSCRIBE, PRODUCTID="FLEX", Amount="1").status == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("x=%ff&timestamp=1", -1100),
        ("x=%00&timestamp=1", -1100),
        ("&".join(f"p{n}=1" for n in range(101)), -1101),
        ("x=" + "y" * 20_000, -1101),
    ],
)
def test_what_is_no_text_or_too_much_is_refused(world, alice, query, code):
    assert alice.send_text("GET", PATH, query).code == code
