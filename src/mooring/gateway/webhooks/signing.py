"""How a message is signed: as the Standard Webhooks specification says, version 1."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from mooring.kernel import sealing

SECRET_BYTES: Final = 32
_PREFIX: Final = "whsec_"


def make_secret() -> bytes:
    """Return a new secret."""
    return secrets.token_bytes(SECRET_BYTES)


def purpose(webhook_id: int) -> str:
    """Return what a webhook's secret is sealed for."""
    return f"gateway_webhook.secret:{webhook_id}"


def unseal(sealed: bytes | memoryview, webhook_id: int) -> bytes:
    """Return the secret of a webhook."""
    return sealing.unseal(sealed, purpose=purpose(webhook_id))


def secret_text(secret: bytes) -> str:
    """Return a secret as libraries of the specification take it."""
    return _PREFIX + base64.b64encode(secret).decode()


def headers_of(secret: bytes, *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """
    Return the three headers that go with a message.

    Args:
        timestamp: seconds since 1970, of this try.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
