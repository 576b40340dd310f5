"""Devices and log-ins as their person recognises them: browser, place, first and last use."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mooring.accounts import api as accounts
from mooring.web.visit import PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One device or one log-in. `is_here` marks the one that asks."""

    id: int
    name: str
    ip: str
    place: str
    since: datetime
    seen_at: datetime
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesPage:
    """Where a person is logged in, and which browsers they have confirmed."""

    sessions: tuple[Line, ...]
    devices: tuple[Line, ...]


def page_of(request: PageRequest) -> DevicesPage:
    """Return the page for who is logged in."""
    user_id, origin = request.visit.user_id, request.visit.origin
    sessions = accounts.presence.list_sessions(
        user_id=user_id, wall=origin.wall, at=request.visit.at
    )
    devices = accounts.presence.list_devices(user_id=user_id)
    return DevicesPage(
        sessions=tuple(
            Line(
                id=session.id,
                name=accounts.presence.device_name(session.user_agent),
                ip=session.ip,
                place=_place(session.ip),
                since=session.begun_at,
                seen_at=session.seen_at,
                is_here=session.id == origin.session_id,
            )
            for session in sessions
        ),
        devices=tuple(
            Line(
                id=device.id,
                name=device.name,
                ip=device.ip,
                place=_place(device.ip),
                since=device.first_seen_at,
                seen_at=device.seen_at,
                is_here=device.id == origin.device_id,
            )
            for device in devices
        ),
    )


def _place(ip: str) -> str:
    place = accounts.presence.place_of(ip, language=get_language() or "en")
    return _("local network") if place == accounts.presence.LOCAL_PLACE else place
