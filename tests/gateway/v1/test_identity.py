"""Who asks `/v1`: a signature that fits one request, or a token that ends with its key."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mooring.accounts import api as accounts
from mooring.accounts.models import ApiKey
from mooring.gateway.v1 import identity
from mooring.kernel import clock, db
from tests.gateway.caller import HOME, now_ms
from tests.gateway.v1.caller import Client, call

POSITIONS = "/v1/positions"


def refused(found, code="request_not_identified"):
    assert (found.status, found.json["code"]) == (401, code)
    assert found.headers["WWW-Authenticate"] == "Bearer"
    return True


def token_of(client):
    found = client.post("/v1/tokens")
    assert found.status == 200, found.body
    return Client(client.api_key, client.secret, token=found.json["token"])


def test_nobody_in_particular_is_told_how_to_ask(world):
    assert refused(call("GET", POSITIONS))
    assert refused(call("GET", POSITIONS, headers={"Authorization": "Basic abc"}))
    assert refused(call("GET", POSITIONS, headers={"Authorization": "Bearer abc"}))


@pytest.mark.parametrize("part", ["method", "path", "query", "body", "key", "timestamp", "secret"])
def test_a_signature_is_over_every_part_of_its_request(world, alice, part):
    position = world.subscribe("10", "FLEX")
    real = {
        "method": "POST",
        "path": f"/v1/positions/{position}/redemption-quotes",
        "query": "",
        "body": b'{"amount": "1"}',
        "key": "one",
        "timestamp": now_ms(),
    }
    client = alice
    other = {
        "method": "PUT",
        "path": "/v1/redemptions",
        "query": "a=1",
        "body": b'{"amount": "2"}',
        "key": "two",
        "timestamp": real["timestamp"] - 1,
    }

    def asked(signed, sent):
        headers = client.headers(
            *(signed[name] for name in ("method", "path", "query", "body")),
            key=signed["key"],
            timestamp=signed["timestamp"],
        )
        headers |= {"Idempotency-Key": sent["key"], "X-Mooring-Timestamp": str(sent["timestamp"])}
        return call(
            sent["method"], sent["path"], query=sent["query"], body=sent["body"], headers=headers
        )

    assert asked(real, real).status == 200
    if part == "secret":
        client = Client(alice.api_key, alice.secret[::-1])
        assert refused(asked(real, real))
    else:
        assert refused(asked({**real, part: other[part]}, real))


@pytest.mark.parametrize(
    ("ago", "is_taken"),
    [(4_000, True), (6_000, False), (-500, True), (-3_000, False)],
)
def test_a_request_is_of_now_by_the_real_time(world, alice, settings, ago, is_taken):
    settings.SANDBOX = True
    clock.advance(timedelta(days=30))
    headers = alice.headers("GET", POSITIONS, "", b"", timestamp=now_ms() - ago)
    found = call("GET", POSITIONS, headers=headers)
    assert (found.status == 200) or refused(found, "request_timestamp_outside")
    assert (found.status == 200) == is_taken


@pytest.mark.parametrize("stamp", ["", "x", "-1", "1e9", "\u0661", "9" * 17])
def test_a_time_that_is_none_is_refused(world, alice, stamp):
    headers = alice.headers("GET", POSITIONS, "", b"") | {"X-Mooring-Timestamp": stamp}
    assert refused(call("GET", POSITIONS, headers=headers), "request_timestamp_outside")


def test_a_key_of_the_other_kind_signs_the_same_text(world):
    private = Ed25519PrivateKey.generate()
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    order = accounts.keys.read_order(
        {"label": "ed", "type": "ED25519", "rights": "read", "public_key": pem.decode()}
    )
    made = accounts.keys.issue_api_key(account_id=world.alice, order=order, at=clock.now())
    stamp = str(now_ms())
    text = identity.signed_text(
        timestamp=stamp, method="GET", path=POSITIONS, query="", idempotency_key="", body=b""
    )
    headers = {
        "X-Mooring-Key": made.api_key,
        "X-Mooring-Timestamp": stamp,
        "X-Mooring-Signature": base64.b64encode(private.sign(text)).decode(),
    }
    assert call("GET", POSITIONS, headers=headers).status == 200


def test_a_token_does_what_its_key_may(world, alice):
    position = world.subscribe("10", "FLEX")
    bearer = token_of(alice)
    quote = bearer.post(f"/v1/positions/{position}/redemption-quotes", {"amount": "1"}).json
    assert bearer.post("/v1/redemptions", {"quote": quote["quote"]}).status == 201
    reader = token_of(Client.of(world.alice, "read"))
    assert reader.get(POSITIONS).status == 200
    assert refused(reader.post("/v1/redemptions", {"quote": quote["quote"]}))


def test_no_token_makes_another(world, alice):
    assert refused(token_of(alice).post("/v1/tokens"))


def test_a_token_ends_with_its_time_its_key_and_its_account(world, alice, monkeypatch):
    bearer = token_of(alice)
    ends = clock.wall() + timedelta(hours=1, seconds=1)
    with monkeypatch.context() as later:
        later.setattr(clock, "wall", lambda: ends)
        assert refused(bearer.get(POSITIONS))
    assert bearer.get(POSITIONS).status == 200
    db.execute(
        "UPDATE accounts_account SET status = 'DISABLED', disabled_at = now() WHERE id = %s",
        [world.alice],
    )
    assert refused(bearer.get(POSITIONS))
    db.execute(
        "UPDATE accounts_account SET status = 'OPEN', disabled_at = NULL WHERE id = %s",
        [world.alice],
    )
    [key] = accounts.keys.list_api_keys(world.alice)
    accounts.keys.revoke_api_key(account_id=world.alice, key_id=key.id, origin=None, at=clock.now())
    assert refused(bearer.get(POSITIONS))
    assert refused(alice.get(POSITIONS))


def test_a_token_is_good_only_where_its_key_is(world):
    bearer = token_of(Client.of(world.alice, networks="203.0.113.0/24"))
    assert bearer.get(POSITIONS).status == 200
    assert refused(bearer.get(POSITIONS, ip="198.51.100.7"))


def test_a_token_that_was_changed_is_none(world, alice):
    good = token_of(alice)
    for spoiled in (good.token[:-1], good.token[1:], good.token + "x", good.token.swapcase()):
        assert refused(Client("", "", token=spoiled).get(POSITIONS))


def test_who_looks_at_a_key_sees_that_its_token_is_in_use(world, alice):
    token = token_of(alice)
    long_ago = clock.now() - timedelta(days=1)
    ApiKey.objects.filter(api_key=alice.api_key).update(used_at=long_ago, used_ip="192.0.2.9")
    assert token.get("/v1/positions").status == 200
    [key] = [one for one in accounts.keys.list_api_keys(world.alice) if one.used_at > long_ago]
    assert key.used_ip == HOME
