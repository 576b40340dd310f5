"""Find out who a signed request comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple

from mooring.accounts.keys.api_keys import rights_of
from mooring.accounts.keys.errors import ApiKeyRefused, SignatureWrong
from mooring.accounts.keys.signatures import verify_signature
from mooring.accounts.models import Account, ApiKey
from mooring.accounts.rules.api_keys import Right, is_api_key
from mooring.kernel import db
from mooring.kernel.group_commit import GroupCommit

#: The last use is written at most this often: a busy program is not slowed down by its own trace.
_USE_NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """Whose request it is, by which key, and what that key may do."""

    account_id: int
    key_id: int
    rights: frozenset[Right]


class _Key(NamedTuple):
    """A key as it is checked: its own columns, and what its account is."""

    id: int
    account_id: int
    api_key: str
    type: str
    sealed_secret: bytes | None
    public_key: str
    may_trade: bool
    may_withdraw: bool
    networks: list[str]
    used_at: datetime | None
    ended_at: datetime | None
    status: str


def authenticate_key(
    *,
    api_key: str,
    payloads: Sequence[bytes],
    signature: str,
    ip: str,
    right: Right,
    at: datetime,
) -> KeyHolder:
    """
    Return whose key signed a request, and note that it was used.

    Nothing of a key is remembered between two requests: one that is revoked opens nothing more.

    Args:
        payloads: what may have been signed: exactly one of them.
        ip: the address the request came from, from the last hop that is ours.
        right: what the request needs.
        at: platform time, UTC.

    Raises:
        ApiKeyRefused: no such key, it has ended, its account is not open, the address is not in
            its networks, or it has not this right: alike for who asks.
        SignatureWrong: the key would do, the signature does not.
    """
    key = _usable(api_key, ip, at=at)
    if not any(verify_signature(key, payload, signature) for payload in payloads):
        raise SignatureWrong
    # After the signature: only who holds the key learns what it may do.
    rights = rights_of(key)
    if right not in rights:
        raise ApiKeyRefused(reason="right")
    _note_use(key, ip, at=at)
    return KeyHolder(account_id=key.account_id, key_id=key.id, rights=rights)


def find_key_holder(*, key_id: int, ip: str, right: Right, at: datetime) -> KeyHolder:
    """
    Return whose key something was given to that names it, such as a token; note its use.

    Args:
        ip, right, at: as `authenticate_key`.

    Raises:
        ApiKeyRefused: as `authenticate_key`.
    """
    found = db.rows(f"{_SELECT} WHERE key.id = %s", [key_id])
    key = _checked(_Key._make(found[0]) if found else None, ip)
    rights = rights_of(key)
    if right not in rights:
        raise ApiKeyRefused(reason="right")
    _note_use(key, ip, at=at)
    return KeyHolder(account_id=key.account_id, key_id=key.id, rights=rights)


_SELECT: Final = (
    "SELECT key.id, key.account_id, key.api_key, key.type, key.sealed_secret, key.public_key,"
    "  key.may_trade, key.may_withdraw, key.networks, key.used_at, key.ended_at,"
    "  account.status"
    " FROM accounts_api_key AS key"
    " INNER JOIN accounts_account AS account ON account.id = key.account_id"
)


def _read_keys(api_keys: Sequence[str], _at: datetime) -> list[_Key | None]:
    """Return what keys are, in order; None for one that there is not."""
    found = db.rows(f"{_SELECT} WHERE key.api_key = ANY(%s::text[])", [db.array(set(api_keys))])
    keys = {row[2]: _Key._make(row) for row in found}
    return [keys.get(api_key) for api_key in api_keys]


#: Every signed request begins here: those that come at the same time ask together.
_KEYS: GroupCommit[str, _Key | None] = GroupCommit(_read_keys)


def _usable(api_key: str, ip: str, *, at: datetime) -> _Key:
    if not is_api_key(api_key):
        raise ApiKeyRefused(reason="malformed")
    return _checked(_KEYS.submit(api_key, at=at), ip)


def _checked(key: _Key | None, ip: str) -> _Key:
    """Refuse a key that opens nothing, whatever it signed."""
    if key is None:
        raise ApiKeyRefused(reason="unknown")
    if key.ended_at is not None:
        raise ApiKeyRefused(reason="ended")
    if key.status != Account.Status.OPEN:
        raise ApiKeyRefused(reason="account")
    if key.networks and not is_within(ip, key.networks):
        raise ApiKeyRefused(reason="network")
    return key


def is_within(ip: str, networks: list[str]) -> bool:
    """Return whether an address lies in one of the networks; an unreadable one lies in none."""
    try:
        address = _plain(ip_address(ip))
    except ValueError:
        return False
    return any(address in _network(network) for network in networks)


@lru_cache(maxsize=1024)
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that arrived in IPv6's clothes as itself."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _note_use(key: _Key, ip: str, *, at: datetime) -> None:
    if key.used_at is not None and at - key.used_at < _USE_NOTED_EVERY:
        return
    ApiKey.objects.filter(id=key.id, ended_at__isnull=True).update(used_at=at, used_ip=ip)
