"""Who asks: a request signed with a key, or a token that a signed request was given."""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.security import APIKeyHeader, HttpBearer

from mooring.accounts import api as accounts
from mooring.gateway.binance.signing import milliseconds
from mooring.gateway.v1.problems import NotIdentified, TimestampOutside
from mooring.kernel import clock

Right = accounts.keys.Right
KeyHolder = accounts.keys.KeyHolder

#: How old a signed request may be, and how far ahead its clock.
OLD_MS_MAX: Final = 5_000
AHEAD_MS_MAX: Final = 1_000
_SALT: Final = "mooring.gateway.v1.token"
_TIMESTAMP: Final = re.compile(r"[0-9]{1,16}", re.ASCII)


def signed_text(
    *, timestamp: str, method: str, path: str, query: str, idempotency_key: str, body: bytes
) -> bytes:
    """Return what a signature is over: six parts with a line feed between them."""
    parts = (timestamp, method, path, query, idempotency_key)
    return "\n".join(parts).encode() + b"\n" + body


class Signed(APIKeyHeader):
    """
    A key, and with it a time and a signature in two more headers.

    Args:
        right: what the key must be allowed.
    """

    param_name = "X-Mooring-Key"

    def __init__(self, right: Right) -> None:
        super().__init__()
        self.right = right

    def authenticate(self, request: HttpRequest, key: str | None) -> KeyHolder | None:
        """
        Return whose key signed a request; None where none is named.

        Raises:
            NotIdentified, TimestampOutside.
        """
        if not key:
            return None
        timestamp = request.headers.get("X-Mooring-Timestamp", "")
        check_timestamp(timestamp)
        payload = signed_text(
            timestamp=timestamp,
            method=str(request.method),
            path=request.path,
            query=request.META.get("QUERY_STRING", ""),
            idempotency_key=request.headers.get("Idempotency-Key", ""),
            body=request.body,
        )
        try:
            return accounts.keys.authenticate_key(
                accounts.keys.SignedRequest(
                    api_key=key,
                    payloads=[payload],
                    signature=request.headers.get("X-Mooring-Signature", ""),
                    ip=ip_of(request),
                    right=self.right,
                ),
                at=clock.now(),
            )
        except (accounts.keys.ApiKeyRefused, accounts.keys.SignatureWrong) as refusal:
            raise NotIdentified from refusal


class Token(HttpBearer):
    """
    A bearer token, checked against its key each time.

    Args:
        right: what the key must be allowed.
    """

    def __init__(self, right: Right) -> None:
        super().__init__()
        self.right = right

    def authenticate(self, request: HttpRequest, token: str) -> KeyHolder:
        """
        Return whose token it is.

        Raises:
            NotIdentified: it was not made here, is over, or its key would not do.
        """
        try:
            key_id, ends = signing.loads(token, salt=_SALT)
        except (signing.BadSignature, ValueError) as error:
            raise NotIdentified from error
        if milliseconds(clock.wall()) >= ends:
            raise NotIdentified
        try:
            return accounts.keys.find_key_holder(
                key_id=key_id, ip=ip_of(request), right=self.right, at=clock.now()
            )
        except accounts.keys.ApiKeyRefused as refusal:
            raise NotIdentified from refusal


def make_token(holder: KeyHolder, *, seconds: int) -> tuple[str, datetime]:
    """Return a token of a key, and when it ends; real time."""
    ends = clock.wall() + timedelta(seconds=seconds)
    return signing.dumps([holder.key_id, milliseconds(ends)], salt=_SALT), ends


def check_timestamp(text: str) -> None:
    """
    See that a request is of now; the time is the real one, in a sandbox too.

    Raises:
        TimestampOutside.
    """
    if not _TIMESTAMP.fullmatch(text):
        raise TimestampOutside
    age = milliseconds(clock.wall()) - int(text)
    if not -AHEAD_MS_MAX <= age <= OLD_MS_MAX:
        raise TimestampOutside


def ip_of(request: HttpRequest) -> str:
    """
    Return where a request came from, from the last hop that is ours.

    Raises:
        NotIdentified: it cannot be known.
    """
    try:
        return accounts.presence.ip_of(request.META)
    except PermissionDenied as error:
        raise NotIdentified from error


def may(right: Right) -> list[Any]:
    """Return both ways to show that one may do something."""
    return [Signed(right), Token(right)]


def holder_of(request: HttpRequest) -> KeyHolder:
    """Return who asks, of an operation that needs a key."""
    holder: KeyHolder = request.auth  # type: ignore[attr-defined]  # django-ninja sets it
    return holder
