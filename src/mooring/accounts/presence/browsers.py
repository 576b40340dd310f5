"""
What a request says about the browser that sent it, and the cookie that makes it a device.

The one place where accounts reads requests: its log-in stages and its pages see the same.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from mooring.accounts.origin import Origin
from mooring.accounts.presence import devices
from mooring.accounts.presence.sessions import OpenSession
from mooring.accounts.presence.user_agents import LENGTH, device_name

#: Browsers cut longer lives to this themselves.
COOKIE_SECONDS: Final = 400 * 86_400
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NEW_TOKEN: Final = "mooring_new_device_token"  # noqa: S105 - the name of an attribute


def origin_of(request: HttpRequest, *, session: OpenSession | None, wall: datetime) -> Origin:
    """
    Return where a request came from.

    Args:
        session: the log-in it belongs to; None before log-in. A device is known only with it:
            before, see `devices.find_device_id_of`.
        wall: the real time, UTC.

    Raises:
        PermissionDenied: the address on the net cannot be told.
    """
    user_agent = _CONTROL.sub(" ", request.headers.get("User-Agent", ""))[:LENGTH]
    return Origin(
        wall=wall,
        ip=client_ip(request),
        user_agent=user_agent,
        session_id=session.id if session else None,
        device_id=session.device_id if session else None,
        device_name=device_name(user_agent),
        language=get_language() or settings.LANGUAGE_CODE,
    )


def client_ip(request: HttpRequest) -> str:
    """
    Return the address that a request came from, as the last proxy of ours has seen it.

    Raises:
        PermissionDenied: there is none, or fewer proxies have spoken than there should be.
    """
    try:
        found: str | None = get_client_ip(request)
    except ImproperlyConfigured as error:
        raise PermissionDenied from error
    if not found:
        raise PermissionDenied
    return found


def ip_of(environ: Mapping[str, Any]) -> str:
    """
    Return what `client_ip` does, of a request that is not read by Django.

    Raises:
        PermissionDenied: as there.
    """
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT and (found := environ.get("REMOTE_ADDR")):
        # Nobody stands before us: no header says where a request came from.
        return str(found)
    request = HttpRequest()
    request.META = dict(environ)
    return client_ip(request)


def device_tokens(request: HttpRequest) -> tuple[str, ...]:
    """Return the device tokens that a browser holds, newest first."""
    handed_out = getattr(request, _NEW_TOKEN, "")
    written = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "").split(".")
    tokens = [token for token in [handed_out, *written] if _TOKEN.fullmatch(token)]
    return tuple(tokens[: devices.TOKENS_MAX])


def hand_out(request: HttpRequest, token: str) -> None:
    """Have the answer to `request` give its browser a device token, beside those it holds."""
    setattr(request, _NEW_TOKEN, token)


def write_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put the device tokens into the answer, if one was handed out."""
    if not hasattr(request, _NEW_TOKEN):
        return
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        ".".join(device_tokens(request)),
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
