"""Keys of programs: made, listed, and ended all at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mooring.accounts import policies as accounts_policies
from mooring.accounts.events import Kind, record
from mooring.accounts.keys import errors
from mooring.accounts.models import Account, ApiKey
from mooring.accounts.origin import Origin
from mooring.accounts.rules.api_keys import KeyOrder, Right, random_text, rights_text
from mooring.kernel import db, sealing
from mooring.policies import api as policies

_END_ALL = """
UPDATE accounts_api_key SET ended_at = %s, "end" = %s
WHERE account_id = %s AND ended_at IS NULL
RETURNING id, label
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApiKey:
    """A key as its maker sees it once; `secret` is None for a public-key type."""

    id: int
    api_key: str
    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyView:
    """
    A key that has not ended, as its owner sees it at any time.

    Args:
        networks: in CIDR; empty: from anywhere.
        used_at, used_ip: the last use, to a minute; None: never used.
    """

    id: int
    api_key: str
    label: str
    type: str
    rights: frozenset[Right]
    networks: tuple[str, ...]
    public_key: str
    created_at: datetime
    used_at: datetime | None
    used_ip: str | None


@db.transaction_required
def make_api_key(
    account_id: int, order: KeyOrder, *, origin: Origin | None, at: datetime
) -> NewApiKey:
    """
    Make a key of an account whose row is locked, and tell its person.

    Args:
        origin: where the request came from; None for an operator.
        at: platform time, UTC.

    Raises:
        TooManyApiKeys: the account has as many as the policy allows.
    """
    maximum = policies.in_force(at=at)[accounts_policies.API_KEY_COUNT_MAX]
    if ApiKey.objects.filter(account_id=account_id, ended_at__isnull=True).count() >= maximum:
        raise errors.TooManyApiKeys(maximum=maximum)
    api_key = random_text()
    secret = random_text() if order.type == ApiKey.Type.HMAC else None
    row = ApiKey.objects.create(
        account_id=account_id,
        api_key=api_key,
        label=order.label,
        type=order.type,
        sealed_secret=None if secret is None else seal_secret(api_key, secret),
        public_key=order.public_key,
        may_trade=Right.TRADE in order.rights,
        may_withdraw=Right.WITHDRAW in order.rights,
        networks=list(order.networks),
        created_at=at,
    )
    _tell(account_id, Kind.API_KEY_CREATED, _facts(order), origin=origin, at=at)
    return NewApiKey(id=row.pk, api_key=api_key, secret=secret)


def _facts(order: KeyOrder) -> dict[str, str]:
    return {
        "label": order.label,
        "type": order.type,
        "rights": rights_text(order.rights),
        "networks": ", ".join(order.networks),
    }


def list_api_keys(account_id: int) -> tuple[ApiKeyView, ...]:
    """Return the keys of an account that have not ended, the newest first."""
    rows = ApiKey.objects.filter(account_id=account_id, ended_at__isnull=True).order_by("-id")
    return tuple(view_of(row) for row in rows)


def find_api_key(account_id: int, key_id: int) -> ApiKeyView:
    """
    Return a key of an account that has not ended.

    Raises:
        ApiKeyNotFound: absent, ended, or another account's.
    """
    row = ApiKey.objects.filter(account_id=account_id, id=key_id, ended_at__isnull=True).first()
    if row is None:
        raise errors.ApiKeyNotFound
    return view_of(row)


def view_of(row: ApiKey) -> ApiKeyView:
    """Return what may be shown of a key: everything but its secret."""
    return ApiKeyView(
        id=row.pk,
        api_key=row.api_key,
        label=row.label,
        type=row.type,
        rights=rights_of(row),
        networks=tuple(row.networks),
        public_key=row.public_key,
        created_at=row.created_at,
        used_at=row.used_at,
        used_ip=row.used_ip,
    )


class KeyRights(Protocol):
    """What a key may do, as its row says it."""

    @property
    def may_trade(self) -> bool: ...
    @property
    def may_withdraw(self) -> bool: ...


def rights_of(row: KeyRights) -> frozenset[Right]:
    """Return what a key may do."""
    has = {Right.READ: True, Right.TRADE: row.may_trade, Right.WITHDRAW: row.may_withdraw}
    return frozenset(right for right, is_given in has.items() if is_given)


class SigningKey(Protocol):
    """What a signature is checked with."""

    @property
    def api_key(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def sealed_secret(self) -> bytes | memoryview | None: ...
    @property
    def public_key(self) -> str: ...


def seal_secret(api_key: str, secret: str) -> bytes:
    """Return an HMAC secret as it is stored: readable as the secret of this key only."""
    return sealing.seal(secret.encode(), purpose=f"api_key.secret:{api_key}")


def unseal_secret(row: SigningKey) -> bytes:
    """Return the HMAC secret of a key."""
    return sealing.unseal(row.sealed_secret or b"", purpose=f"api_key.secret:{row.api_key}")


@db.transaction_required
def end_api_key(account_id: int, key_id: int, *, origin: Origin | None, at: datetime) -> None:
    """
    Revoke one key of an account, and tell its person.

    Raises:
        ApiKeyNotFound: absent, ended, or another account's.
    """
    row = (
        ApiKey.objects.select_for_update(no_key=True)
        .filter(account_id=account_id, id=key_id, ended_at__isnull=True)
        .first()
    )
    if row is None:
        raise errors.ApiKeyNotFound
    row.ended_at, row.end = at, ApiKey.End.REVOKED
    row.save(update_fields=["ended_at", "end"])
    facts = {"label": row.label, "count": "1", "end": str(ApiKey.End.REVOKED)}
    _tell(account_id, Kind.API_KEY_REVOKED, facts, origin=origin, at=at)


@db.transaction_required
def end_api_keys(
    account_id: int, *, end: ApiKey.End, at: datetime, origin: Origin | None = None
) -> int:
    """
    End every key of an account at once; return how many there were.

    One event tells of all of them: whoever ends thirty keys is not sent thirty mails.

    Args:
        end: why.
        at: platform time, UTC.
        origin: where the request came from that ends them; None for what needs no request.
    """
    ended = sorted(db.rows(_END_ALL, [at, end, account_id]))
    if ended:
        labels = ", ".join(label for _key_id, label in ended)
        facts = {"label": labels, "count": str(len(ended)), "end": str(end)}
        _tell(account_id, Kind.API_KEY_REVOKED, facts, origin=origin, at=at)
    return len(ended)


def _tell(
    account_id: int, kind: Kind, facts: dict[str, str], *, origin: Origin | None, at: datetime
) -> None:
    user_id = Account.objects.values_list("user_id", flat=True).get(id=account_id)
    if user_id is not None:
        record(kind, user_id=user_id, origin=origin, at=at, details=facts)
