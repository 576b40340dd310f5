"""
Where an address on the net is, roughly: for a person who looks whether it was them.

From a GeoIP file in MaxMind's format where the operator has one; otherwise the network it
belongs to, which a person can at least compare. Never used for a decision.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

import maxminddb
from django.conf import settings
from django.core import checks

#: What an address of one's own house or machine is called; pages translate it.
LOCAL: Final = "local network"

#: Source: RFC 1918, RFC 4193, RFC 3927, and what a machine calls itself.
_LOCAL_NETWORKS: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16"),
        *("fc00::/7", "fe80::/10", "::1/128"),
    )
)
#: What a network is called by: what one customer of a provider usually has.
_PREFIX: Final = {4: 24, 6: 48}
#: Our languages by the names that the files have for them.
_LANGUAGES: Final = {"zh-hans": "zh-CN"}

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(slots=True)
class _Opened:
    """The file as it was when it was opened; None: it could not be."""

    stamp: tuple[int, int, int]
    reader: maxminddb.Reader | None


_opened: dict[Path, _Opened] = {}
_lock: Final = Lock()


def place_of(ip: str, *, language: str = "en") -> str:
    """
    Return the city and country of an address, or its network; empty for what is no address.

    Args:
        language: in which the places are named, where the file has names in it.
    """
    try:
        address = _unmapped(ipaddress.ip_address(ip))
    except ValueError:
        return ""
    if any(address in network for network in _LOCAL_NETWORKS):
        return LOCAL
    found = _look_up(address)
    return _named(found, _LANGUAGES.get(language, language)) or _network(address)


def city_of(ip: str, *, language: str = "en") -> str:
    """Return the city and country of an address, as `place_of`; empty where the file has none."""
    try:
        address = _unmapped(ipaddress.ip_address(ip))
    except ValueError:
        return ""
    return _named(_look_up(address), _LANGUAGES.get(language, language))


def _unmapped(address: IPAddress) -> IPAddress:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _network(address: IPAddress) -> str:
    return str(ipaddress.ip_network((int(address), _PREFIX[address.version]), strict=False))


def _look_up(address: IPAddress) -> Mapping[str, Any]:
    reader = _reader(settings.GEOIP_FILE)
    if reader is None:
        return {}
    try:
        found = reader.get(address)
    except (ValueError, maxminddb.InvalidDatabaseError):
        # An address of six in a file of fours, or a file that is broken where we look.
        return {}
    return found if isinstance(found, Mapping) else {}


def _named(found: Mapping[str, Any], language: str) -> str:
    """Return city and country as a file names them, as far as it does."""
    parts = [found.get("city"), found.get("country")]
    names = [part.get("names") for part in parts if isinstance(part, Mapping)]
    told = [
        str(name.get(language) or name.get("en") or "")
        for name in names
        if isinstance(name, Mapping)
    ]
    return ", ".join(name for name in told if name)


def _reader(path: Path | None) -> maxminddb.Reader | None:
    """Return the file's reader, opened anew where the file is another; None if it cannot be."""
    if path is None:
        return None
    try:
        stat = path.stat()
    except OSError:
        # Being replaced, perhaps: what was read of it before still holds.
        known = _opened.get(path)
        return known.reader if known else None
    stamp = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
    with _lock:
        known = _opened.get(path)
        if known is None or known.stamp != stamp:
            fresh = _open(path)
            # A file that is half written does not take away the one that was whole.
            reader = fresh or (known.reader if known else None)
            known = _opened[path] = _Opened(stamp, reader)
    return known.reader


def _open(path: Path) -> maxminddb.Reader | None:
    try:
        # Into memory: a file that is overwritten in place must not change under a reader.
        return maxminddb.open_database(path, maxminddb.MODE_MEMORY)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError):
        return None


@checks.register
def check_geoip_file(**_about: object) -> list[checks.CheckMessage]:
    """Say at the start that the GeoIP file cannot be read; places are then shown as networks."""
    path = settings.GEOIP_FILE
    if path is None or _open(path) is not None:
        return []
    return [
        checks.Warning(
            f"MOORING_GEOIP_FILE names {path}, which is not a readable file in MaxMind's format.",
            hint="Until it is, devices are listed with their network instead of their place.",
            id="accounts.W001",
        )
    ]
