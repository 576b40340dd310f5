"""
Signatures of requests by a customer's key.

A key is checked by the rule of its own type and by no other: a public key is known to everybody,
so used as an HMAC secret it would let everybody sign. Whatever is not exactly a signature in its
one written form is wrong; nothing here raises on what a stranger sends.
"""

import base64
import binascii
import hashlib
import hmac
import re
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from mooring.accounts.keys.api_keys import SigningKey, unseal_secret
from mooring.accounts.models import ApiKey

_HEX: Final = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)
_ED25519_BYTES: Final = 64
#: Base64 of 4096 bits has 684 characters.
_TEXT_LENGTH_MAX: Final = 684
#: The order of Ed25519's group (RFC 8032 §5.1).
_GROUP_ORDER: Final = 2**252 + 27742317777372353535851937790883648493


def verify_signature(key: SigningKey, payload: bytes, signature: str) -> bool:
    """
    Return whether `signature` is that of `payload` by `key`.

    Args:
        payload: exactly the bytes that were signed; may be empty.
        signature: HMAC: 64 hexadecimal digits, large or small. Ed25519 and RSA (PKCS #1 v1.5
            with SHA-256): base64 with its padding, in its one canonical form.
    """
    if not signature.isascii() or len(signature) > _TEXT_LENGTH_MAX:
        return False
    if key.type == ApiKey.Type.HMAC:
        return _is_hmac(unseal_secret(key), payload, signature)
    public, raw = load_pem_public_key(key.public_key.encode()), _decoded(signature)
    if raw is None:
        return False
    if key.type == ApiKey.Type.ED25519 and isinstance(public, Ed25519PublicKey):
        return _is_ed25519(public, payload, raw)
    if key.type == ApiKey.Type.RSA and isinstance(public, RSAPublicKey):
        return _is_rsa(public, payload, raw)
    return False


def _is_hmac(secret: bytes, payload: bytes, signature: str) -> bool:
    if not _HEX.fullmatch(signature):
        return False
    expected = hmac.new(secret, payload, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature.lower())


def _is_ed25519(public: Ed25519PublicKey, payload: bytes, raw: bytes) -> bool:
    # S below the group's order (RFC 8032 §5.1.7), or each signature would have a second form.
    if len(raw) != _ED25519_BYTES or int.from_bytes(raw[32:], "little") >= _GROUP_ORDER:
        return False
    try:
        public.verify(raw, payload)
    except InvalidSignature:
        return False
    return True


def _is_rsa(public: RSAPublicKey, payload: bytes, raw: bytes) -> bool:
    numbers = public.public_numbers()
    is_of_length = len(raw) == (public.key_size + 7) // 8
    if not is_of_length or int.from_bytes(raw, "big") >= numbers.n:
        return False
    try:
        public.verify(raw, payload, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _decoded(text: str) -> bytes | None:
    """Return what base64 says; None if it is not written as base64 writes it."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None
