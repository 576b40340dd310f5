"""
Five thousand signed requests are accepted, and none of the fifty thousand that were changed.

Each is changed in ten ways that leave it well-formed: what a thief on the way could try with one
request in hand. What only reads may be split between query and body otherwise; what moves money
may not.
"""

import base64
import random
from decimal import Decimal
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mooring.accounts import api as accounts
from mooring.kernel import clock, db
from tests.gateway.caller import Client, call, hmac_of, now_ms

READ = "/sapi/v1/account/status"
SUBSCRIBE = "/sapi/v1/simple-earn/flexible/subscribe"
PARTS = 5
REQUESTS = 1_000
REPLAYS = 400
#: What a request that was changed is answered with: never a result.
REFUSED = {-1021, -1022, -1100, -1101, -1102, -1131, -2014, -2015}


def key_pair(account_id, kind):
    """Return an API key, and what signs a text with its private key."""
    private = (
        ed25519.Ed25519PrivateKey.generate()
        if kind == "ED25519"
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    order = accounts.keys.read_order(
        {"label": kind, "type": kind, "rights": "read,trade", "public_key": public.decode()}
    )
    made = accounts.keys.issue_api_key(account_id=account_id, order=order, at=clock.now())

    def sign(text):
        if kind == "ED25519":
            raw = private.sign(text.encode())
        else:
            raw = private.sign(text.encode(), padding.PKCS1v15(), SHA256())
        return quote(base64.b64encode(raw).decode(), safe="")

    return made.api_key, sign


@pytest.fixture
def signers(world):
    alice = Client.of(world.alice)
    return [
        (alice.api_key, lambda text: hmac_of(alice.secret, text)),
        key_pair(world.alice, "ED25519"),
        key_pair(world.alice, "RSA"),
    ]


def text_of(dice, number):
    """Return the parameters of a request; no two are the same."""
    given = [("timestamp", str(now_ms())), ("recvWindow", "60000"), ("n", str(number))]
    for name in dice.sample(["asset", "size", "current", "note", "list"], dice.randint(1, 4)):
        value = dice.choice(["USDT", "1", "a b", "100%", "x&y=z", "ä", "Eth*30", '["A","B"]'])
        given.append((name, quote(value, safe="*")))
    dice.shuffle(given)
    return "&".join(f"{name}={value}" for name, value in given)


def changed(dice, text, signature, stranger):
    """Return the request in ten other ways, each as key header, query and body."""
    pairs = text.split("&")
    one = dice.randrange(len(pairs))
    name, _, value = pairs[one].partition("=")
    other = {"0": "1"}.get(signature[0], "0")
    added = [*pairs[:one], "extra=1", *pairs[one:]]
    dropped = [*pairs[:one], *pairs[one + 1 :]]
    swapped = pairs[1:] + pairs[:1]
    louder = [*pairs[:one], f"{name.swapcase()}={value}", *pairs[one + 1 :]]
    longer = [*pairs[:one], f"{name}={value}1", *pairs[one + 1 :]]
    glued = "&".join(pairs[:1]) + "%26" + "&".join(pairs[1:])
    for query, made, key in (
        ("&".join(added), signature, None),
        ("&".join(dropped), signature, None),
        ("&".join(swapped), signature, None),
        ("&".join(louder), signature, None),
        ("&".join(longer), signature, None),
        (glued, signature, None),
        (text, other + signature[1:], None),
        (text, signature[:-4], None),
        (text, signature, stranger),
        (text + "&signature=" + signature, signature, None),
    ):
        yield f"{query}&signature={made}", key


@pytest.mark.parametrize("part", range(PARTS))
def test_what_was_signed_is_accepted_and_what_was_changed_is_not(world, signers, part):
    dice = random.Random(part)
    stranger = Client.of(world.bob).api_key
    accepted, tried = 0, 0
    for number in range(REQUESTS):
        # RSA signs slowly; a twentieth of all is enough to see that it is checked.
        api_key, sign = signers[2 if number % 20 == 0 else number % 2]
        text = text_of(dice, number)
        signature = sign(text)
        headers = {"X-MBX-APIKEY": api_key}
        found = call("GET", READ, query=f"{text}&signature={signature}", headers=headers)
        assert found.status == 200, (text, found.body)
        accepted += 1
        for query, key in changed(dice, text, signature, stranger):
            tried += 1
            refused = call("GET", READ, query=query, headers={"X-MBX-APIKEY": key or api_key})
            assert refused.code in REFUSED, (text, query, refused.body)
    assert (accepted, tried) == (REQUESTS, 10 * REQUESTS)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_replay_of_what_moves_money_is_never_executed(world, signers, part):
    dice = random.Random(part)
    executed = Decimal(0)
    for number in range(REPLAYS):
        api_key, sign = signers[number % 2]
        amount = Decimal(dice.randint(10, 99)) / 100
        text = (
            f"productId=FLEX&amount={amount}&autoSubscribe=false&recvWindow=60000"
            f"&timestamp={now_ms()}&n={number}"
        )
        signed = f"{text}&signature={sign(text)}"
        headers = {"X-MBX-APIKEY": api_key}
        if number % 10 == 0:
            assert call("POST", SUBSCRIBE, query=signed, headers=headers).status == 200
            executed += amount
            first = (signed, headers)
        signed, headers = first
        place = {"query": signed} if dice.random() < 0.5 else {"body": signed.encode()}
        again = call("POST", SUBSCRIBE, headers=headers, **place)
        assert (again.status, again.code) == (400, -1022)
    # Not the balance: a minute may have passed, and earned.
    assert db.rows("SELECT sum(amount) FROM earn_subscription") == [(executed,)]
