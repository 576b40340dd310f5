"""A signature is that of this payload by this key, in its one written form, or it is wrong."""

import base64
import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mooring.accounts.keys.api_keys import seal_secret
from mooring.accounts.keys.signatures import verify_signature
from mooring.accounts.models import ApiKey

API_KEY = "k" * 64
#: The worked example of the interface that clients are written for.
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
PAYLOAD = (
    b"symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
    b"&recvWindow=5000&timestamp=1499827319559"
)
SIGNED = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
#: RFC 8032 §7.1, TEST 1 (the empty message) and TEST 3.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
        "39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67"
        "f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
_ORDER = 2**252 + 27742317777372353535851937790883648493


def pem(public):
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def hmac_key(secret=SECRET):
    return ApiKey(api_key=API_KEY, type="HMAC", sealed_secret=seal_secret(API_KEY, secret))


def key_of(private):
    kind = "RSA" if isinstance(private, rsa.RSAPrivateKey) else "ED25519"
    return ApiKey(api_key=API_KEY, type=kind, public_key=pem(private.public_key()))


def hmac_signed(secret, payload):
    return hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()


def b64(raw):
    return base64.b64encode(raw).decode()


@pytest.fixture(scope="module")
def rsa_private():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def ed_private():
    return ed25519.Ed25519PrivateKey.generate()


def rsa_signed(private, payload, digest=None):
    return private.sign(payload, padding.PKCS1v15(), digest or SHA256())


# --- HMAC ---


def test_the_published_example_is_right():
    assert verify_signature(hmac_key(), PAYLOAD, SIGNED)


def test_hexadecimal_digits_may_be_large():
    assert verify_signature(hmac_key(), PAYLOAD, SIGNED.upper())


def test_an_empty_payload_has_a_signature():
    signed = hmac_signed(SECRET, b"")
    assert verify_signature(hmac_key(), b"", signed)
    assert not verify_signature(hmac_key(), b" ", signed)


WRONG_HEX = [
    ("nothing", ""),
    ("one digit less", SIGNED[:-1]),
    ("one digit more", SIGNED + "1"),
    ("another first digit", "d" + SIGNED[1:]),
    ("another last digit", SIGNED[:-1] + "2"),
    ("a blank before", " " + SIGNED),
    ("a line after", SIGNED + "\n"),
    ("a prefix", "0x" + SIGNED),
    ("base64 of the same", b64(bytes.fromhex(SIGNED))),
    ("full-width digits", SIGNED.replace("8", "\uff18")),
    ("a sign beyond ASCII", "é" * 64),
    ("a surrogate", "\udcff" * 64),
    ("NUL", "\0" * 64),
    ("a megabyte", "a" * 1_000_000),
]


@pytest.mark.parametrize(("case", "signature"), WRONG_HEX, ids=[row[0] for row in WRONG_HEX])
def test_what_is_not_exactly_the_signature_is_wrong(case, signature):
    assert not verify_signature(hmac_key(), PAYLOAD, signature), case


def test_another_key_and_another_payload_are_wrong():
    assert not verify_signature(hmac_key("x" * 64), PAYLOAD, SIGNED)
    assert not verify_signature(hmac_key(), PAYLOAD[:-1], SIGNED)
    assert not verify_signature(hmac_key(), PAYLOAD + b"&", SIGNED)


# --- Ed25519 ---


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032_are_right(public, message, signature):
    loaded = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    key = ApiKey(api_key=API_KEY, type="ED25519", public_key=pem(loaded))
    assert verify_signature(key, bytes.fromhex(message), b64(bytes.fromhex(signature)))


def test_a_second_form_of_s_is_wrong(ed_private):
    raw = ed_private.sign(PAYLOAD)
    s = int.from_bytes(raw[32:], "little") + _ORDER
    twin = raw[:32] + s.to_bytes(32, "little")
    assert verify_signature(key_of(ed_private), PAYLOAD, b64(raw))
    assert not verify_signature(key_of(ed_private), PAYLOAD, b64(twin))


def test_every_changed_bit_is_wrong(ed_private):
    raw, key = ed_private.sign(PAYLOAD), key_of(ed_private)
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        assert not verify_signature(key, PAYLOAD, b64(bytes(changed))), bit


def forms_of(raw):
    """Write a signature in all the ways that are not its one way."""
    text = b64(raw)
    # The last sign before the padding has bits that decode to nothing.
    last = text.rstrip("=")[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = alphabet[alphabet.index(last) ^ 1]
    return {
        "unpadded": text.rstrip("="),
        "more padding": text + "=",
        "a line break": text[:40] + "\n" + text[40:],
        "a blank": text[:40] + " " + text[40:],
        "bits after the end": text.rstrip("=")[:-1] + spare + "=" * text.count("="),
        "the other case": text.swapcase(),
        "hexadecimal": raw.hex(),
        "URL's alphabet": base64.urlsafe_b64encode(b"\xfb\xff" + raw[2:]).decode(),
        "percent signs": text.replace("=", "%3D"),
        "beyond ASCII": "é" + text[1:],
        "shorter": b64(raw[:-1]),
        "longer": b64(raw + b"\0"),
        "a zero before": b64(b"\0" + raw),
        "nothing": "",
    }


def test_other_ways_to_write_a_signature_are_wrong(ed_private, rsa_private):
    for private, raw in (
        (ed_private, ed_private.sign(PAYLOAD)),
        (rsa_private, rsa_signed(rsa_private, PAYLOAD)),
    ):
        key = key_of(private)
        assert verify_signature(key, PAYLOAD, b64(raw))
        for case, text in forms_of(raw).items():
            assert not verify_signature(key, PAYLOAD, text), case


# --- RSA ---


def test_another_digest_or_padding_is_wrong(rsa_private):
    key = key_of(rsa_private)
    pss = padding.PSS(padding.MGF1(SHA256()), padding.PSS.MAX_LENGTH)
    assert verify_signature(key, b"", b64(rsa_signed(rsa_private, b"")))
    assert not verify_signature(key, PAYLOAD, b64(rsa_signed(rsa_private, PAYLOAD, SHA512())))
    assert not verify_signature(key, PAYLOAD, b64(rsa_signed(rsa_private, PAYLOAD, SHA1())))  # noqa: S303
    assert not verify_signature(key, PAYLOAD, b64(rsa_private.sign(PAYLOAD, pss, SHA256())))


def test_a_number_beyond_the_modulus_is_wrong(rsa_private):
    raw = rsa_signed(rsa_private, PAYLOAD)
    n = rsa_private.public_key().public_numbers().n
    twin = int.from_bytes(raw, "big") + n
    if twin < 2**2048:
        assert not verify_signature(key_of(rsa_private), PAYLOAD, b64(twin.to_bytes(256, "big")))
    for raw in (bytes(256), b"\xff" * 256, (1).to_bytes(256, "big")):
        assert not verify_signature(key_of(rsa_private), PAYLOAD, b64(raw))


# --- one type's key by another type's rule ---


def test_a_public_key_is_no_hmac_secret(ed_private, rsa_private):
    for private in (ed_private, rsa_private):
        key = key_of(private)
        for secret in (key.public_key, key.public_key.strip(), key.api_key, ""):
            signed = hmac.new(secret.encode(), PAYLOAD, hashlib.sha256)
            assert not verify_signature(key, PAYLOAD, signed.hexdigest())
            assert not verify_signature(key, PAYLOAD, b64(signed.digest()))


def test_a_key_whose_type_and_public_key_differ_checks_nothing(ed_private, rsa_private):
    swapped = ApiKey(api_key=API_KEY, type="RSA", public_key=pem(ed_private.public_key()))
    assert not verify_signature(swapped, PAYLOAD, b64(ed_private.sign(PAYLOAD)))
    swapped = ApiKey(api_key=API_KEY, type="ED25519", public_key=pem(rsa_private.public_key()))
    assert not verify_signature(swapped, PAYLOAD, b64(rsa_signed(rsa_private, PAYLOAD)))


def test_the_comparison_takes_constant_time(monkeypatch):
    compared = []

    def compare(one, other):
        compared.append((one, other))
        return one == other

    monkeypatch.setattr("mooring.accounts.keys.signatures.hmac.compare_digest", compare)
    assert verify_signature(hmac_key(), PAYLOAD, SIGNED.upper())
    assert compared == [(SIGNED, SIGNED)]
