"""The pages of keys for programs."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap
from typing import Final

from django.utils.translation import gettext as _

from mooring.accounts import api as accounts
from mooring.web.visit import Visit

#: What the page with a new secret signs, so that a copy can be tried out at once.
SAMPLE: Final = "timestamp=1700000000000"
_SHOWN_SIGNS: Final = 8
_GROUP_SIGNS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key in the list: enough of it to know it by, what it may, where and when it was used."""

    id: int
    label: str
    type: str
    beginning: str
    rights: str
    networks: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None
    used_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKey:
    """
    A key that was just made; nowhere else is its secret shown.

    Args:
        signature: of `sample`, where we know the secret; empty otherwise.
    """

    api_key: str
    secret: str
    label: str
    type: str
    sample: str
    signature: str


def listing(visit: Visit) -> tuple[KeyRow, ...]:
    """Return the member's keys, the newest first."""
    language = visit.origin.language
    return tuple(_row(key, language) for key in accounts.keys.list_api_keys(visit.account_id))


def row_of(visit: Visit, key_id: int) -> KeyRow:
    """
    Return one of the member's keys.

    Raises:
        ApiKeyNotFound: absent, revoked, or another's.
    """
    return _row(accounts.keys.find_api_key(visit.account_id, key_id), visit.origin.language)


def _row(key: accounts.keys.ApiKeyView, language: str) -> KeyRow:
    return KeyRow(
        id=key.id,
        label=key.label,
        type=type_words(key.type),
        beginning=key.api_key[:_SHOWN_SIGNS],
        rights=rights_words(key.rights),
        networks=key.networks,
        created_at=key.created_at,
        used_at=key.used_at,
        used_from=_place(key.used_ip, language) if key.used_ip else "",
    )


def _place(ip: str, language: str) -> str:
    """Return an address and roughly where it is, for whoever looks whether it was their program."""
    return f"{accounts.presence.place_of(ip, language=language)} · {ip}".removeprefix(" · ")


def made(new: accounts.keys.NewApiKey, key: accounts.keys.ApiKeyView) -> MadeKey:
    """Return what is shown once of a key that was just made."""
    secret = new.secret or ""
    signed = hmac.new(secret.encode(), SAMPLE.encode(), hashlib.sha256).hexdigest()
    return MadeKey(
        api_key=new.api_key,
        secret=secret,
        label=key.label,
        type=key.type,
        sample=SAMPLE,
        signature=signed if secret else "",
    )


def lines_of(order: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Return every datum of a key that is to be made, in words."""
    rights = [accounts.keys.Right(text) for text in order["rights"].split(",")]
    lines = [
        (_("Name"), order["label"]),
        (_("How it signs"), type_words(order["type"])),
        (_("What it may do"), rights_words(rights)),
        (_("From where"), order["networks"].replace(",", ", ") or _("from anywhere")),
    ]
    if order["public_key"]:
        lines.append((_("Public key"), _in_groups(order["public_key"])))
    return lines


def _in_groups(pem: str) -> str:
    """Return all of a public key, with blanks at which a narrow page can break it."""
    whole = "".join(line for line in pem.splitlines() if not line.startswith("-----"))
    return " ".join(wrap(whole, _GROUP_SIGNS))


def type_words(kind: str) -> str:
    """Return a key's type as people write it."""
    return {"HMAC": "HMAC-SHA256", "ED25519": "Ed25519", "RSA": "RSA"}[kind]


def rights_words(rights: Iterable[accounts.keys.Right]) -> str:
    """Return what a key may do, the least first."""
    words = {
        accounts.keys.Right.READ: _("read"),
        accounts.keys.Right.TRADE: _("trade"),
        accounts.keys.Right.WITHDRAW: _("withdraw"),
    }
    given = frozenset(rights)
    return ", ".join(word for right, word in words.items() if right in given)
