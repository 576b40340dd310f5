"""Find out who a signed request comes from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from mooring.accounts.keys.api_keys import rights_of
from mooring.accounts.keys.errors import ApiKeyRefused, SignatureWrong
from mooring.accounts.keys.signatures import verify_signature
from mooring.accounts.models import Account, ApiKey
from mooring.accounts.rules.api_keys import Right, is_api_key
from mooring.kernel import db

#: The last use is written at most this often: a busy program is not slowed down by its own trace.
_USE_NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """Whose request it is, by which key, and what that key may do."""

    account_id: int
    key_id: int
    rights: frozenset[Right]


@db.transaction
def authenticate_key(
    *, api_key: str, payload: bytes, signature: str, ip: str, right: Right, at: datetime
) -> KeyHolder:
    """
    Return whose key signed a request, and note that it was used.

    Nothing of a key is remembered between two requests: one that is revoked opens nothing more.

    Args:
        payload: exactly what was signed.
        ip: the address the request came from, from the last hop that is ours.
        right: what the request needs.
        at: platform time, UTC.

    Raises:
        ApiKeyRefused: no such key, it has ended, its account is not open, the address is not in
            its networks, or it has not this right: alike for who asks.
        SignatureWrong: the key would do, the signature does not.
    """
    key = _usable(api_key, ip)
    if not verify_signature(key, payload, signature):
        raise SignatureWrong
    # After the signature: only who holds the key learns what it may do.
    rights = rights_of(key)
    if right not in rights:
        raise ApiKeyRefused(reason="right")
    _note_use(key, ip, at=at)
    return KeyHolder(account_id=key.account_id, key_id=key.pk, rights=rights)


def _usable(api_key: str, ip: str) -> ApiKey:
    if not is_api_key(api_key):
        raise ApiKeyRefused(reason="malformed")
    key = ApiKey.objects.select_related("account").filter(api_key=api_key).first()
    if key is None:
        raise ApiKeyRefused(reason="unknown")
    if key.ended_at is not None:
        raise ApiKeyRefused(reason="ended")
    if key.account.status != Account.Status.OPEN:
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
    return any(address in ip_network(network) for network in networks)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that arrived in IPv6's clothes as itself."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _note_use(key: ApiKey, ip: str, *, at: datetime) -> None:
    if key.used_at is not None and at - key.used_at < _USE_NOTED_EVERY:
        return
    ApiKey.objects.filter(id=key.pk, ended_at__isnull=True).update(used_at=at, used_ip=ip)
