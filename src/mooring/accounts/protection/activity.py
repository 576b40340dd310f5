"""What happened to a log-in's security, for its person to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mooring.accounts.events import Kind
from mooring.accounts.models import SecurityEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """A security event: what, with which facts, where from and when. `ip` empty: by ourselves."""

    id: int
    kind: Kind
    details: Mapping[str, str]
    ip: str
    device_name: str
    at: datetime


def list_events(*, user_id: int, limit: int, before: int | None = None) -> tuple[EventView, ...]:
    """
    Return a person's security events, newest first.

    Args:
        before: the id of an event: only older ones.
    """
    rows = SecurityEvent.objects.filter(user_id=user_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return tuple(
        EventView(
            id=row.pk,
            kind=Kind(row.kind),
            details=row.details,
            ip=row.ip or "",
            device_name=row.device_name,
            at=row.at,
        )
        for row in rows.order_by("-id")[:limit]
    )
