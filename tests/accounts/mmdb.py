"""
Writes a small GeoIP file in MaxMind's format, version 2.0: enough of it to be read.

Source: https://maxmind.github.io/MaxMind-DB/
"""

import ipaddress
from pathlib import Path
from typing import Any

_STRING, _UINT16, _UINT32, _MAP, _UINT64, _ARRAY = 2, 5, 6, 7, 9, 11
_EXTENDED = 7
_SEPARATOR = bytes(16)
_MARKER = b"\xab\xcd\xefMaxMind.com"


def write(path: Path, places: dict[str, Any]) -> None:
    """Write a file of IPv4 networks and what is known of each."""
    data, offsets = b"", {}
    for network, known in places.items():
        offsets[network] = len(data)
        data += _encoded(known)
    nodes = _tree(places)
    count = len(nodes)
    tree = b"".join(
        _record(side, count, offsets).to_bytes(3, "big") for node in nodes for side in node
    )
    path.write_bytes(tree + _SEPARATOR + data + _MARKER + _metadata(count))


def _tree(places: dict[str, Any]) -> list[list[Any]]:
    """Return the nodes; a side is a node's number, a network, or None."""
    nodes: list[list[Any]] = [[None, None]]
    for network in places:
        parsed = ipaddress.IPv4Network(network)
        bits = f"{int(parsed.network_address):032b}"[: parsed.prefixlen]
        at = 0
        for bit in bits[:-1]:
            if nodes[at][int(bit)] is None:
                nodes.append([None, None])
                nodes[at][int(bit)] = len(nodes) - 1
            at = nodes[at][int(bit)]
        nodes[at][int(bits[-1])] = network
    return nodes


def _record(side: Any, count: int, offsets: dict[str, int]) -> int:
    if side is None:
        return count
    return side if isinstance(side, int) else count + len(_SEPARATOR) + offsets[side]


def _metadata(count: int) -> bytes:
    return _encoded(
        {
            "binary_format_major_version": (_UINT16, 2),
            "binary_format_minor_version": (_UINT16, 0),
            "build_epoch": (_UINT64, 1_767_225_600),
            "database_type": "Test-City",
            "description": {"en": "for tests"},
            "ip_version": (_UINT16, 4),
            "languages": ["en", "zh-CN"],
            "node_count": (_UINT32, count),
            "record_size": (_UINT16, 24),
        }
    )


def _encoded(value: Any) -> bytes:
    if isinstance(value, str):
        text = value.encode()
        return _control(_STRING, len(text)) + text
    if isinstance(value, dict):
        pairs = b"".join(_encoded(key) + _encoded(item) for key, item in value.items())
        return _control(_MAP, len(value)) + pairs
    if isinstance(value, list):
        return _control(_ARRAY, len(value)) + b"".join(_encoded(item) for item in value)
    kind, number = value
    packed: bytes = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return _control(kind, len(packed)) + packed


def _control(kind: int, size: int) -> bytes:
    assert size < 29, "longer sizes are written in another way"
    if kind <= _EXTENDED:
        return bytes([kind << 5 | size])
    return bytes([size, kind - _EXTENDED])
