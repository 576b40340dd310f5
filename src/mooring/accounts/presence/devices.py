"""
The browsers that a person has confirmed.

A device is known by a token in a cookie of its own, of which the digest is kept. Each person who
uses a browser has a token of their own in it, so that nobody's device is opened by a token that
somebody else has handed out.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from mooring.accounts.models import Device, LoginSession
from mooring.accounts.origin import Origin
from mooring.accounts.presence import sessions
from mooring.kernel import db

#: How many people's tokens a browser keeps.
TOKENS_MAX: Final = 5
_NAME_LENGTH: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceView:
    """A browser that its person has confirmed."""

    id: int
    name: str
    ip: str
    first_seen_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A log-in that lasts, for its person."""

    id: int
    device_id: int | None
    user_agent: str
    ip: str
    begun_at: datetime
    seen_at: datetime


def find_device_id(tokens: Sequence[str], *, user_id: int) -> int | None:
    """Return the confirmed device of a person that holds one of these tokens; None if none."""
    return _with_token(tokens).filter(user_id=user_id).values_list("id", flat=True).first()


def find_device_id_of(tokens: Sequence[str], *, identifier: str) -> int | None:
    """
    Return the confirmed device of who logs in with `identifier`; None if none.

    For limits before the log-in: a device speaks for the person who confirmed it, for nobody
    else. One query whoever there is.

    Args:
        identifier: the canonical address or number.
    """
    whose = Q(user__email=identifier) | Q(user__phone=identifier)
    return _with_token(tokens).filter(whose).values_list("id", flat=True).first()


@db.transaction_required
def confirm(*, user_id: int, origin: Origin) -> tuple[int, str]:
    """
    Remember the browser of a request as a person's, and return the device's id and its token.

    The token is always new: one that a browser brought along may be known to others.
    """
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        user_id=user_id,
        token_digest=_digest(token),
        name=origin.device_name[:_NAME_LENGTH],
        ip=origin.ip,
        first_seen_at=origin.wall,
        seen_at=origin.wall,
    )
    return device.pk, token


@db.transaction_required
def revoke(device_id: int, *, user_id: int, wall: datetime) -> str | None:
    """
    Forget a person's device and end the log-ins on it; return its name.

    It must be confirmed anew at its next log-in. None: this person has no such device.
    """
    found = Device.objects.select_for_update(no_key=True).filter(
        id=device_id, user_id=user_id, revoked_at__isnull=True
    )
    device = found.first()
    if device is None:
        return None
    device.revoked_at = wall
    device.save(update_fields=["revoked_at"])
    on_it = Q(user_id=user_id, device_id=device_id)
    sessions.end_where(on_it, end=sessions.End.REVOKED, wall=wall)
    return device.name


def list_devices(*, user_id: int) -> tuple[DeviceView, ...]:
    """Return a person's confirmed devices, the one used last first."""
    rows = Device.objects.filter(user_id=user_id, revoked_at__isnull=True)
    return tuple(
        DeviceView(
            id=row.pk,
            name=row.name,
            ip=row.ip,
            first_seen_at=row.first_seen_at,
            seen_at=row.seen_at,
        )
        for row in rows.order_by("-seen_at", "-id")
    )


def list_sessions(*, user_id: int, wall: datetime, at: datetime) -> tuple[SessionView, ...]:
    """
    Return where a person is logged in, the log-in used last first.

    Args:
        wall: the real time; what is over by its limits is left out, ended or not.
        at: platform time, whose limits hold.
    """
    limits = sessions.limits(at=at)
    rows = LoginSession.objects.filter(
        user_id=user_id,
        ended_at__isnull=True,
        seen_at__gt=wall - limits.idle,
        begun_at__gt=wall - limits.absolute,
    )
    return tuple(
        SessionView(
            id=row.pk,
            device_id=row.device_id,
            user_agent=row.user_agent,
            ip=row.ip,
            begun_at=row.begun_at,
            seen_at=row.seen_at,
        )
        for row in rows.order_by("-seen_at", "-id")
    )


def _with_token(tokens: Sequence[str]) -> "QuerySet[Device]":
    digests = [_digest(token) for token in tokens[:TOKENS_MAX]]
    return Device.objects.filter(token_digest__in=digests, revoked_at__isnull=True).order_by("-id")


def _digest(token: str) -> str:
    return salted_hmac("mooring.accounts.device", token, algorithm="sha256").hexdigest()
