"""`mooring apikey` makes keys that sign, shows each secret once, and ends them."""

import base64
import json
import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from mooring.accounts import api as accounts
from mooring.accounts.models import ApiKey
from mooring.kernel import clock
from mooring.operations import cli
from tests.accounts.test_signatures import hmac_signed

ALICE = ("--email", "alice@example.org")
PAYLOAD = b"timestamp=1700000000000"


@pytest.fixture
def alice(db):
    return accounts.open_account(
        email=ALICE[1], password="four random harbour words", at=clock.now() - timedelta(days=1)
    )


@pytest.fixture
def mooring(capsys):
    """Return a function that runs a command and returns code, output and error."""

    def run(*words):
        code = cli.run(("apikey", *words))
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def answered(mooring):
    """Return a function that runs a command that has to succeed, and returns its JSON."""

    def run(*words):
        code, out, err = mooring(*words, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run


def use(made, signature, right=accounts.keys.Right.READ):
    return accounts.keys.authenticate_key(
        accounts.keys.SignedRequest(
            api_key=made["api_key"],
            payloads=[PAYLOAD],
            signature=signature,
            ip="203.0.113.5",
            right=right,
        ),
        at=clock.now(),
    )


def test_the_answer_is_the_key_and_its_secret_and_nothing_else(alice, answered):
    made = answered("create", *ALICE, "--rights", "read,trade", "--type", "hmac")
    assert set(made) == {"api_key", "secret"}
    assert all(re.fullmatch(r"[A-Za-z0-9]{64}", text) for text in made.values())
    holder = use(made, hmac_signed(made["secret"], PAYLOAD), accounts.keys.Right.TRADE)
    assert holder.account_id == alice


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "RSA"])
def test_without_a_public_key_a_pair_is_made_and_its_private_key_shown(alice, answered, kind):
    made = answered("create", *ALICE, "--type", kind)
    private = load_pem_private_key(made["secret"].encode(), None)
    extra = () if kind == "ed25519" else (padding.PKCS1v15(), SHA256())
    assert use(made, base64.b64encode(private.sign(PAYLOAD, *extra)).decode())
    key = ApiKey.objects.get()
    assert (key.sealed_secret, "PRIVATE" in key.public_key) == (None, False)


def test_with_a_public_key_there_is_no_secret(alice, answered, tmp_path):
    first = answered("create", *ALICE, "--type", "ed25519")
    private = load_pem_private_key(first["secret"].encode(), None)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    file = tmp_path / "public.pem"
    file.write_bytes(public)
    made = answered("create", *ALICE, "--type", "ed25519", "--public-key", str(file))
    assert made["secret"] is None
    assert use(made, base64.b64encode(private.sign(PAYLOAD)).decode())
    file.write_text(first["secret"])
    code = cli.run(("apikey", "create", *ALICE, "--type", "ed25519", "--public-key", str(file)))
    assert code == 1


def test_keys_are_listed_without_their_secrets_and_revoked(alice, answered, mooring):
    made = answered("create", *ALICE, "--rights", "withdraw", "--ip", "203.0.113.5")
    [key] = answered("list", *ALICE)["api_keys"]
    assert (key["api_key"], key["rights"]) == (made["api_key"], ["read", "withdraw"])
    assert (key["networks"], key["used_at"]) == (["203.0.113.5/32"], None)
    assert made["secret"] not in mooring("list", *ALICE)[1]
    assert answered("revoke", *ALICE, "--id", str(key["id"]))["id"] == key["id"]
    assert answered("list", *ALICE)["api_keys"] == []
    with pytest.raises(accounts.keys.ApiKeyRefused):
        use(made, hmac_signed(made["secret"], PAYLOAD))


REFUSED = [
    ("nobody", ("create", "--email", "bob@example.org"), "account_not_found"),
    ("a right there is not", ("create", *ALICE, "--rights", "all"), "api_key_right_unknown"),
    ("withdrawing from anywhere", ("create", *ALICE, "--rights", "withdraw"), "networks_missing"),
    ("everybody", ("create", *ALICE, "--ip", "0.0.0.0/0"), "api_key_networks_malformed"),
    ("an empty label", ("create", *ALICE, "--label", ""), "api_key_label_malformed"),
    ("a key there is not", ("revoke", *ALICE, "--id", "1"), "api_key_not_found"),
    ("a type there is not", ("create", *ALICE, "--type", "none"), "hmac"),
    ("a file there is not", ("create", *ALICE, "--public-key", "/nothing"), "--public-key"),
]


@pytest.mark.parametrize(("case", "words", "told"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_command_that_cannot_be_is_answered_with_a_sentence(alice, mooring, case, words, told):
    code, out, err = mooring(*words)
    assert code in {1, 2}, case
    assert out == ""
    assert told in err
    assert "Traceback" not in err


def test_people_read_a_table_and_the_secret_once(alice, mooring):
    code, out, err = mooring("create", *ALICE)
    assert (code, err) == (0, "")
    assert "shown this once" in out
    assert "command line" in mooring("list", *ALICE)[1]
    key_id = str(ApiKey.objects.get().pk)
    assert "revoked" in mooring("revoke", *ALICE, "--id", key_id)[1]
