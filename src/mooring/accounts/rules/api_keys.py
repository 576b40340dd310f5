"""
What a key of programs may be made of (ACC-11).

Nothing here touches the database; both doors, the page and the command line, read an order here,
and the action reads it here again from what was confirmed.
"""

import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final

from mooring.accounts.keys import errors
from mooring.accounts.rules.public_keys import read_public_key

#: Letters and digits of a key and of an HMAC secret; clients of this interface expect 64.
LENGTH: Final = 64
LABEL_LENGTH_MAX: Final = 40
NETWORKS_MAX: Final = 30
#: The widest network that is taken, by the version of IP: a wider one is nearly everybody.
PREFIX_MIN: Final = {4: 8, 6: 32}
TYPES: Final = ("HMAC", "ED25519", "RSA")
_SIGNS: Final = string.ascii_letters + string.digits
_IPV4_MAPPED: Final = IPv6Network("::ffff:0:0/96")


class Right(StrEnum):
    """What a key may do; reading it always may."""

    READ = "read"
    TRADE = "trade"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOrder:
    """
    A key that is to be made, checked.

    Args:
        public_key: PEM, of Ed25519 and RSA; empty with HMAC.
        networks: in CIDR; empty: from anywhere.
    """

    label: str
    type: str
    public_key: str
    rights: frozenset[Right]
    networks: tuple[str, ...]

    def data(self) -> dict[str, str]:
        """Return the order as text by name, as a step-up holds it and `read_order` reads it."""
        return {
            "label": self.label,
            "type": self.type,
            "public_key": self.public_key,
            "rights": rights_text(self.rights),
            "networks": ",".join(self.networks),
        }


def read_order(given: Mapping[str, str]) -> KeyOrder:
    """
    Read an order from texts by name; a name that is missing is an empty text.

    Raises:
        KeyOrderWrong: one of its kinds; `field` says which text.
    """
    kind = given.get("type", "").strip().upper()
    if kind not in TYPES:
        raise errors.KeyTypeUnknown
    rights = read_rights(given.get("rights", "").split(","))
    networks = read_networks(given.get("networks", ""))
    if Right.WITHDRAW in rights and not networks:
        raise errors.NetworksMissing
    return KeyOrder(
        label=read_label(given.get("label", "")),
        type=kind,
        public_key=read_public_key(given.get("public_key", ""), kind=kind),
        rights=rights,
        networks=networks,
    )


def read_label(text: str) -> str:
    """
    Return a label without blanks around it.

    Raises:
        LabelMalformed: it is empty, longer than 40 signs, or holds what cannot be seen.
    """
    label = text.strip()
    if not 0 < len(label) <= LABEL_LENGTH_MAX or not label.isprintable():
        raise errors.LabelMalformed
    return label


def read_rights(texts: Iterable[str]) -> frozenset[Right]:
    """
    Return the rights that are named, and reading.

    Raises:
        RightUnknown: one of them is none.
    """
    named = [text.strip().lower() for text in texts]
    for text in named:
        if text and text not in {*Right}:
            raise errors.RightUnknown(right=text[:LABEL_LENGTH_MAX])
    return frozenset({Right.READ, *(Right(text) for text in named if text)})


def rights_text(rights: Iterable[Right]) -> str:
    """Return rights by name with commas, the least first."""
    given = frozenset(rights)
    return ",".join(right.value for right in Right if right in given)


def read_networks(text: str) -> tuple[str, ...]:
    """
    Read networks and single addresses, between them commas, blanks or new lines.

    Returns:
        Each in CIDR, once, in the order given.

    Raises:
        NetworksMalformed: one is none, too wide, or has bits beyond its prefix; or too many.
    """
    written = text.replace(",", " ").split()
    if len(written) > NETWORKS_MAX:
        raise errors.NetworksMalformed(network=written[NETWORKS_MAX][:43], reason="too_many")
    return tuple(dict.fromkeys(str(_network(one)) for one in written))


def _network(text: str) -> IPv4Network | IPv6Network:
    _address, slash, prefix = text.partition("/")
    shown = text[:43]
    # A netmask would be read too, and a zone (`%eth0`) is known to one machine only.
    if (slash and not (prefix.isascii() and prefix.isdigit())) or "%" in text:
        raise errors.NetworksMalformed(network=shown, reason="not_a_network")
    try:
        found = ip_network(text, strict=False)
    except ValueError as error:
        raise errors.NetworksMalformed(network=shown, reason="not_a_network") from error
    if found.prefixlen < PREFIX_MIN[found.version]:
        raise errors.NetworksMalformed(network=shown, reason="too_wide")
    if slash and str(ip_network(text.partition("/")[0]).network_address) != str(
        found.network_address
    ):
        raise errors.NetworksMalformed(network=shown, reason="host_bits")
    return _as_ipv4(found, shown)


def _as_ipv4(found: IPv4Network | IPv6Network, shown: str) -> IPv4Network | IPv6Network:
    """Return an IPv4 address that was written as IPv6 as what it is: so it arrives here."""
    if not isinstance(found, IPv6Network) or not found.overlaps(_IPV4_MAPPED):
        return found
    mapped = IPv6Address(found.network_address).ipv4_mapped
    if mapped is None or found.prefixlen < _IPV4_MAPPED.prefixlen + PREFIX_MIN[4]:
        raise errors.NetworksMalformed(network=shown, reason="too_wide")
    return IPv4Network((mapped, found.prefixlen - _IPV4_MAPPED.prefixlen))


def random_text() -> str:
    """Return 64 random letters and digits: some 381 bits that nobody can guess."""
    return "".join(secrets.choice(_SIGNS) for _ in range(LENGTH))


def is_api_key(text: str) -> bool:
    """Return whether a text could be a key at all."""
    return len(text) == LENGTH and text.isascii() and text.isalnum()
