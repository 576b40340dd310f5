"""Positions under lock: what every action on positions begins and ends with."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from mooring.earn.queries.holdings import read_holdings
from mooring.earn.rules.redemption import Holding
from mooring.kernel import db


@db.transaction_required
def lock_positions(position_ids: Iterable[int]) -> dict[int, Holding]:
    """
    Lock positions, lowest id first, and return what is known of them then.

    Call it after `accounts.lock_open`. Two statements on purpose: a row that had to be waited
    for is read anew by the second, together with its balance; in one statement the balance
    would be of the time before the wait.
    """
    ids = sorted(set(position_ids))
    db.rows(
        "SELECT id FROM earn_position WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE",
        [db.array(ids)],
    )
    return read_holdings(ids)


@db.transaction_required
def store_positions(holdings: Iterable[Holding], *, at: datetime) -> None:
    """
    Remember what became of locked positions, in one statement.

    Args:
        at: when a position that is paid now was closed.
    """
    touched = sorted(holdings, key=lambda holding: holding.id)
    columns = [db.array([_value(holding, name) for holding in touched]) for name, _ in _STORED]
    db.execute(_STORE, [at, db.array([holding.id for holding in touched]), *columns])


#: What an action may change of a position, as fields of a holding and columns of the row.
_STORED: Final = (
    ("version", "int"),
    ("status", "text"),
    ("exit", "text"),
    ("accrued_minute", "bigint"),
    ("growth", "numeric"),
    ("carry", "numeric"),
    ("redeeming_account", "bigint"),
    ("rewards_account", "bigint"),
    ("pledged", "numeric"),
    ("queued", "numeric"),
    ("pledged_account", "bigint"),
    ("credited_total", "numeric"),
    ("daily_booked", "date"),
    ("daily_paid", "date"),
    ("low_day", "date"),
    ("low", "numeric"),
    ("bonus_carry", "numeric"),
    ("extra_carry", "numeric"),
    ("extra_account", "bigint"),
    ("auto_renew", "boolean"),
    ("redeem_to", "text"),
)
#: Null while there is none of it.
_ACCOUNTS: Final = frozenset(name for name, _ in _STORED if name.endswith("_account"))
#: Facts of a flexible position only.
_FLEXIBLE: Final = frozenset({"accrued_minute", "growth", "carry"})
_STORE: Final = (
    "UPDATE earn_position AS position SET"  # noqa: S608 - names from the table above
    f" {', '.join(f'{name} = t.{name}' for name, _ in _STORED)},"
    " closed_at = CASE WHEN t.status = 'PAID' THEN %s::timestamptz END,"
    " awaits_payout = t.status <> 'HOLDING' AND coalesce(t.daily_paid < t.daily_booked, FALSE)"
    f" FROM unnest(%s::bigint[], {', '.join(f'%s::{kind}[]' for _, kind in _STORED)})"
    f" AS t (id, {', '.join(name for name, _ in _STORED)})"
    " WHERE position.id = t.id"
)


def _value(holding: Holding, name: str) -> int | Decimal | str | None:
    value: int | Decimal | str | date | None = getattr(holding, name)
    if name in _FLEXIBLE and holding.kind != "FLEXIBLE":
        return None
    if name in _ACCOUNTS and not value:
        return None
    return value.isoformat() if isinstance(value, date) else value
