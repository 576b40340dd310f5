"""
Which public keys we check signatures with: Ed25519, and RSA of 2048 to 4096 bits.

A bad public key lets others sign for its owner, so a key is decoded here and not only stored.
"""

import re
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from mooring.accounts.keys.errors import PrivateKeyPasted, PublicKeyMalformed

#: A key of 4096 bits has 800 characters.
TEXT_LENGTH_MAX: Final = 2_000
RSA_BITS_MIN: Final = 2048
RSA_BITS_MAX: Final = 4096
#: Source: FIPS 186-5 §A.1.1; every tool makes 65537, and a huge one is slow to check with.
_RSA_EXPONENT_MIN: Final = 65_537
_RSA_EXPONENT_MAX: Final = 2**32
#: One SubjectPublicKeyInfo (RFC 7468 §13) and nothing around it.
_PEM: Final = re.compile(
    r"-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----", re.ASCII
)
_PRIVATE: Final = re.compile(r"PRIVATE[\s-]+KEY", re.IGNORECASE)

# The curve of Ed25519 (RFC 8032 §5.1): its prime and its constant d.
_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
#: The y of every point whose order divides 8: a signature by such a "key" is nobody's.
_SMALL_ORDER_Y: Final = frozenset(
    {
        0,
        1,
        _P - 1,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    }
)


def read_public_key(text: str, *, kind: str) -> str:
    """
    Return a public key as PEM in its one normal form; empty for HMAC, which has none.

    Args:
        text: as pasted.
        kind: `HMAC`, `ED25519` or `RSA`.

    Raises:
        PrivateKeyPasted: the text holds a private key.
        PublicKeyMalformed: it is no public key of this kind that we take.
    """
    # First: whatever else is wrong, its owner must know that it is spoilt.
    if _PRIVATE.search(text):
        raise PrivateKeyPasted
    pasted = text.strip()
    if kind == "HMAC":
        if pasted:
            raise PublicKeyMalformed(reason="not_needed")
        return ""
    if not pasted:
        raise PublicKeyMalformed(reason="missing")
    if len(pasted) > TEXT_LENGTH_MAX or not _PEM.fullmatch(pasted):
        raise PublicKeyMalformed(reason="not_pem")
    key = _loaded(pasted)
    if isinstance(key, Ed25519PublicKey) and kind == "ED25519":
        _check_ed25519(key)
    elif isinstance(key, RSAPublicKey) and kind == "RSA":
        _check_rsa(key)
    else:
        raise PublicKeyMalformed(reason="other_type")
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _loaded(pem: str) -> object:
    try:
        return load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise PublicKeyMalformed(reason="not_pem") from error


def _check_rsa(key: RSAPublicKey) -> None:
    numbers = key.public_numbers()
    if not RSA_BITS_MIN <= key.key_size <= RSA_BITS_MAX:
        raise PublicKeyMalformed(reason="rsa_size")
    if not _RSA_EXPONENT_MIN <= numbers.e < _RSA_EXPONENT_MAX or numbers.e % 2 == 0:
        raise PublicKeyMalformed(reason="rsa_exponent")
    if numbers.n % 2 == 0:
        raise PublicKeyMalformed(reason="weak")


def _check_ed25519(key: Ed25519PublicKey) -> None:
    """Refuse what is no point of the curve, is not written its one way, or has a small order."""
    number = int.from_bytes(key.public_bytes_raw(), "little")
    y, is_odd = number & (2**255 - 1), bool(number >> 255)
    if y >= _P or y in _SMALL_ORDER_Y or not is_on_curve(y, is_odd=is_odd):
        raise PublicKeyMalformed(reason="weak")


def is_on_curve(y: int, *, is_odd: bool) -> bool:
    """Return whether Ed25519 has a point with this y and this sign of x (RFC 8032 §5.1.3)."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    if square == 0:
        return not is_odd
    return pow(square, (_P - 1) // 2, _P) == 1
