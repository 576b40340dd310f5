"""The door of accounts to presence."""

from mooring.accounts.actions.end_session import end_session
from mooring.accounts.actions.revoke_device import end_other_sessions, revoke_device, revoke_session
from mooring.accounts.actions.rotate_session import rotate_session
from mooring.accounts.presence.browsers import (
    device_tokens,
    ip_of,
    origin_of,
    write_cookie,
)
from mooring.accounts.presence.device_stage import KEY as DEVICE_STAGE
from mooring.accounts.presence.device_stage import DeviceStage
from mooring.accounts.presence.devices import (
    DeviceView,
    SessionView,
    find_device_id,
    find_device_id_of,
    list_devices,
    list_sessions,
)
from mooring.accounts.presence.places import LOCAL as LOCAL_PLACE
from mooring.accounts.presence.places import city_of, place_of
from mooring.accounts.presence.sessions import End as SessionEnd
from mooring.accounts.presence.sessions import Limits as SessionLimits
from mooring.accounts.presence.sessions import OpenSession, find_session
from mooring.accounts.presence.sessions import end_due as find_end_due
from mooring.accounts.presence.sessions import find_end as find_session_end
from mooring.accounts.presence.sessions import limits as session_limits
from mooring.accounts.presence.sessions import touch as touch_session
from mooring.accounts.presence.user_agents import device_name

__all__ = [
    "DEVICE_STAGE",
    "LOCAL_PLACE",
    "DeviceStage",
    "DeviceView",
    "OpenSession",
    "SessionEnd",
    "SessionLimits",
    "SessionView",
    "city_of",
    "device_name",
    "device_tokens",
    "end_other_sessions",
    "end_session",
    "find_device_id",
    "find_device_id_of",
    "find_end_due",
    "find_session",
    "find_session_end",
    "ip_of",
    "list_devices",
    "list_sessions",
    "origin_of",
    "place_of",
    "revoke_device",
    "revoke_session",
    "rotate_session",
    "session_limits",
    "touch_session",
    "write_cookie",
]
