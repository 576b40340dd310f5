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
from mooring.accounts.models import Account
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """
    What a request shows of a key.

    Args:
        payloads: what may have been signed: exactly one of them.
        ip: the address the request came from, from the last hop that is ours.
        right: what the request needs.
    """

    api_key: str
    payloads: Sequence[bytes]
    signature: str
    ip: str
    right: Right


def authenticate_key(request: SignedRequest, *, at: datetime) -> KeyHolder:
    """
    Return whose key signed a request, and note that it was used.

    Nothing of a key is remembered between two requests: one that is revoked opens nothing more.

    Args:
        at: platform time, UTC.

    Raises:
        ApiKeyRefused: no such key, it has ended, its account is not open, the address is not in
            its networks, or it has not this right: alike for who asks.
        SignatureWrong: the key would do, the signature does not.
    """
    key = _KEYS.submit(request.api_key, at=at) if is_api_key(request.api_key) else None
    holder = _holder(request, key)
    _note_uses([(key, request.ip)], at=at)
    return holder


def authenticate_keys(
    requests: Sequence[SignedRequest], *, at: datetime
) -> list[KeyHolder | ApiKeyRefused | SignatureWrong]:
    """Return of each request what `authenticate_key` returns or raises: one question for all."""
    asked = [request.api_key for request in requests if is_api_key(request.api_key)]
    keys = dict(zip(asked, _read_keys(asked, at), strict=True)) if asked else {}
    outcomes: list[KeyHolder | ApiKeyRefused | SignatureWrong] = []
    used = []
    for request in requests:
        key = keys.get(request.api_key)
        try:
            outcomes.append(_holder(request, key))
        except (ApiKeyRefused, SignatureWrong) as refusal:
            outcomes.append(refusal)
        else:
            used.append((key, request.ip))
    _note_uses(used, at=at)
    return outcomes


def _holder(request: SignedRequest, key: _Key | None) -> KeyHolder:
    if not is_api_key(request.api_key):
        raise ApiKeyRefused(reason="malformed")
    key = _checked(key, request.ip)
    if not any(verify_signature(key, payload, request.signature) for payload in request.payloads):
        raise SignatureWrong
    # After the signature: only who holds the key learns what it may do.
    return _with_right(key, request.right)


def _with_right(key: _Key, right: Right) -> KeyHolder:
    rights = rights_of(key)
    if right not in rights:
        raise ApiKeyRefused(reason="right")
    return KeyHolder(account_id=key.account_id, key_id=key.id, rights=rights)


def find_key_holder(*, key_id: int, ip: str, right: Right, at: datetime) -> KeyHolder:
    """
    Return whose key something was given to that names it, such as a token; note its use.

    Args:
        ip, right, at: as `authenticate_key`.

    Raises:
        ApiKeyRefused: as `authenticate_key`.
    """
    key = _checked(_read_key(key_id), ip)
    holder = _with_right(key, right)
    _note_uses([(key, ip)], at=at)
    return holder


_COLUMNS: Final = (
    "key.id, key.account_id, key.api_key, key.type, key.sealed_secret, key.public_key,"
    "  key.may_trade, key.may_withdraw, key.networks, key.used_at, key.ended_at, account.status"
)


def _read_key(key_id: int) -> _Key | None:
    found = db.rows(
        f"SELECT {_COLUMNS} FROM accounts_api_key AS key"  # noqa: S608 - names from above
        " INNER JOIN accounts_account AS account ON account.id = key.account_id"
        " WHERE key.id = %s",
        [key_id],
    )
    return _Key._make(found[0]) if found else None


def _read_keys(api_keys: Sequence[str], _at: datetime) -> list[_Key | None]:
    """Return what keys are, in order; None for one that there is not."""
    found = db.rows(
        f"SELECT {_COLUMNS} FROM unnest(%s::text[]) AS t (text)"  # noqa: S608 - names from above
        # OFFSET 0 keeps the subqueries whole: one descent of an index for each key, however old
        # the planner's statistics are.
        " CROSS JOIN LATERAL (SELECT * FROM accounts_api_key WHERE api_key = t.text OFFSET 0)"
        "  AS key"
        " CROSS JOIN LATERAL (SELECT status FROM accounts_account WHERE id = key.account_id"
        "  OFFSET 0) AS account",
        [db.array(set(api_keys))],
    )
    keys = {row[2]: _Key._make(row) for row in found}
    return [keys.get(api_key) for api_key in api_keys]


#: Every signed request begins here: those that come at the same time ask together.
_KEYS: GroupCommit[str, _Key | None] = GroupCommit(_read_keys)


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


def _note_uses(used: Sequence[tuple[_Key | None, str]], *, at: datetime) -> None:
    """Note when and from where keys were used, those that were not noted for a minute."""
    due = {
        key.id: ip
        for key, ip in used
        if key is not None and (key.used_at is None or at - key.used_at >= _USE_NOTED_EVERY)
    }
    if due:
        db.execute(_NOTE_USES, [list(due), list(due.values()), at])


#: Lowest id first, so that two who note the same keys wait for each other and do not deadlock.
_NOTE_USES: Final = """
    WITH due AS (
        SELECT key.id, t.ip FROM unnest(%s::bigint[], %s::inet[]) AS t (id, ip)
        INNER JOIN accounts_api_key AS key ON key.id = t.id AND key.ended_at IS NULL
        ORDER BY key.id FOR NO KEY UPDATE OF key
    )
    UPDATE accounts_api_key AS key SET used_at = %s, used_ip = due.ip FROM due
    WHERE key.id = due.id
"""
