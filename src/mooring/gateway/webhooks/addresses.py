"""
Where this server connects to because a customer said so: public addresses, and nothing else.

Looked at twice: the text when a webhook is made, and every address its name has at each try. The
connection then goes to the address that was looked at, so that a name that changes in between
leads nowhere else.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from mooring.gateway.webhooks.errors import WebhookAddressRefused

URL_LENGTH_MAX: Final = 500
PORTS: Final = frozenset({443, 8443})
_SIGNS: Final = re.compile(r"[!-~]+", re.ASCII)
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
#: Global by the registry, and yet somebody's inside: relays, and IPv4 in the dress of IPv6.
_NOT_PUBLIC: Final = tuple(
    ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "2002::/16", "2001::/32", "64:ff9b::/32")
)
_IPV6_PUBLIC: Final = ip_network("2000::/3")

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """
    An address on the net as it was read.

    Args:
        host: a name or an address, in lower case and without brackets.
        path: what is asked for, with the query.
    """

    is_secure: bool
    host: str
    port: int
    path: str


def read_url(url: str, *, to_loopback: bool) -> Target:
    """
    Return where a text leads to.

    Args:
        to_loopback: whether `http` to this machine is allowed too, for an integrator's tests.

    Raises:
        WebhookAddressRefused: it is no address, or none that is told.
    """
    if len(url) > URL_LENGTH_MAX or not _SIGNS.fullmatch(url):
        raise WebhookAddressRefused("signs")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").lower()
    except ValueError as error:
        raise WebhookAddressRefused("malformed") from error
    if "@" in parts.netloc or "\\" in url:
        raise WebhookAddressRefused("user")
    if not (_HOST.fullmatch(host) or _read_ip(host)):
        raise WebhookAddressRefused("host")
    target = Target(
        is_secure=parts.scheme == "https",
        host=host,
        port=port or (443 if parts.scheme == "https" else 80),
        path=f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}",
    )
    if to_loopback and parts.scheme in {"http", "https"} and _is_loopback(host):
        return target
    _check_public(target)
    return target


def _check_public(target: Target) -> None:
    """See that a text leads outside; what its name means is looked up later."""
    if not target.is_secure:
        raise WebhookAddressRefused("scheme")
    if target.port not in PORTS:
        raise WebhookAddressRefused("port")
    literal = _read_ip(target.host)
    if literal is not None and not is_public(literal):
        raise WebhookAddressRefused("not_public")
    if literal is None and ("." not in target.host or target.host.endswith(".localhost")):
        raise WebhookAddressRefused("private_name")


def resolve(target: Target, *, to_loopback: bool) -> Address:
    """
    Return the one address to connect to.

    Raises:
        WebhookAddressRefused: the name has none, or one that is not public.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise WebhookAddressRefused("unknown_name") from error
    addresses = [ip_address(str(place[0]).partition("%")[0]) for *_, place in found]
    inside = to_loopback and _is_loopback(target.host)
    if not addresses or not all(one.is_loopback if inside else is_public(one) for one in addresses):
        # One that is not public among several would be a matter of chance.
        raise WebhookAddressRefused("name_not_public")
    # By the older protocol where there is a choice: it leads out of more machines.
    return min(addresses, key=lambda one: one.version)


def is_public(address: Address) -> bool:
    """Return whether an address is somebody's on the open net, by the registries of IANA."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv6Address) and address not in _IPV6_PUBLIC:
        return False
    return not any(
        address in network for network in _NOT_PUBLIC if network.version == address.version
    )


def _is_loopback(host: str) -> bool:
    literal = _read_ip(host)
    return host == "localhost" if literal is None else literal.is_loopback


def _read_ip(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
