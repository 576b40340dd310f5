"""Addresses and numbers as they may be shown."""

from typing import Final

_SHOWN: Final = 2


def masked(contact: str) -> str:
    """
    Return an address or number so that its owner knows it and nobody else can use it.

    `alice@example.com` is `al•••@example.com`; `+4915112345678` is `+49•••78`.
    """
    name, at, domain = contact.partition("@")
    if at:
        return f"{name[: min(_SHOWN, len(name) - 1)]}•••@{domain}"
    return f"{contact[: _SHOWN + 1]}•••{contact[-_SHOWN:]}" if contact else ""
