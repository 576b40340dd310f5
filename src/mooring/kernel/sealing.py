"""
Encryption of what is kept but must not be read from a copy of the database.

AES-256-GCM. A sealed text is bound to its place (`purpose`, such as `api_key.secret:417`): moved
to another row, it does not open. The first key of `SEALING_KEYS` seals, every key opens, so that
a key is replaced by putting a new one before it.
"""

import hashlib
import os
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from mooring.kernel.errors import Fault

_VERSION: Final = b"\x01"
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = len(_VERSION) + _ID_BYTES + _NONCE_BYTES


class SealBroken(Fault):
    """A sealed text was changed or moved, or the key that sealed it is gone."""


class SealingKeyMissing(Fault):
    """`SEALING_KEYS` is empty: nothing can be sealed, and nothing is kept unsealed instead."""


def seal(content: bytes, *, purpose: str) -> bytes:
    """
    Return `content` encrypted, to be opened with the same `purpose` only.

    Layout: version (1 byte), key id (4), nonce (12), ciphertext with tag.

    Raises:
        SealingKeyMissing: the installation has no key.
    """
    keys = _keys()
    if not keys:
        raise SealingKeyMissing("MOORING_SEALING_KEYS holds no key")
    key_id, key = keys[0]
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + key_id + nonce + AESGCM(key).encrypt(nonce, content, purpose.encode())


def unseal(sealed: bytes | memoryview, *, purpose: str) -> bytes:
    """
    Return what was sealed for `purpose`.

    Raises:
        SealBroken: it was changed, sealed for another purpose, or by a key that is not listed.
    """
    whole = bytes(sealed)
    key_id = whole[len(_VERSION) : len(_VERSION) + _ID_BYTES]
    nonce, body = whole[_HEAD_BYTES - _NONCE_BYTES : _HEAD_BYTES], whole[_HEAD_BYTES:]
    keys = dict(_keys())
    if not whole.startswith(_VERSION) or key_id not in keys:
        raise SealBroken(f"nothing that opens what was sealed for {purpose}")
    try:
        return AESGCM(keys[key_id]).decrypt(nonce, body, purpose.encode())
    except (InvalidTag, ValueError) as error:
        # ValueError: cut so short that there is not even a nonce and a tag.
        raise SealBroken(f"what was sealed for {purpose} does not open") from error


def _keys() -> list[tuple[bytes, bytes]]:
    return [_derived(secret) for secret in settings.SEALING_KEYS]


@lru_cache(maxsize=16)
def _derived(secret: str) -> tuple[bytes, bytes]:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"mooring sealing v1")
    key = derive.derive(secret.encode())
    return hashlib.sha256(b"mooring sealing id" + key).digest()[:_ID_BYTES], key
