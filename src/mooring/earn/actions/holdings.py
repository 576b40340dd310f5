"""Positions under lock: what every action on positions begins and ends with."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from mooring.earn.actions.columns import columns_of
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
    touched = sorted(holdings, key=attrgetter("id"))
    if not touched:
        return
    fields = zip(*map(_FIELDS, touched), strict=True)
    values = [_column(name, field, touched) for name, field in zip(_NAMES, fields, strict=True)]
    closed = at.isoformat()
    values.append([closed if holding.status == "PAID" else None for holding in touched])
    values.append([_awaits_payout(holding) for holding in touched])
    columns = columns_of(_STORED, values, key="id")
    assignments = ", ".join(
        f"{name} = {expression}"
        for (name, _), expression in zip(_STORED, columns.expressions, strict=True)
        if name != "id"
    )
    db.execute(
        f"UPDATE earn_position AS position SET {assignments}"  # noqa: S608 - names from below
        f" FROM {columns.table} WHERE position.id = t.id",
        [*columns.scalars, *columns.arrays],
    )


#: What an action may change of a position, as fields of a holding and columns of the row.
_STORED: Final = (
    ("id", "bigint"),
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
    # Not of a holding: they follow from the others.
    ("closed_at", "timestamptz"),
    ("awaits_payout", "boolean"),
)
_NAMES: Final = tuple(name for name, _ in _STORED[:-2])
_FIELDS: Final = attrgetter(*_NAMES)
#: Null while there is none of it.
_ACCOUNTS: Final = frozenset(name for name in _NAMES if name.endswith("_account"))
#: Facts of a flexible position only.
_FLEXIBLE: Final = frozenset({"accrued_minute", "growth", "carry"})
_DAYS: Final = frozenset({"daily_booked", "daily_paid", "low_day"})


def _column(name: str, field: Sequence[Any], holdings: Sequence[Holding]) -> Sequence[Any]:
    """Return one field of many holdings as its column has it."""
    if name in _ACCOUNTS:
        return [value or None for value in field]
    if name in _DAYS:
        return [None if value is None else value.isoformat() for value in field]
    if name in _FLEXIBLE:
        return [
            value if holding.kind == "FLEXIBLE" else None
            for value, holding in zip(field, holdings, strict=True)
        ]
    return field


def _awaits_payout(holding: Holding) -> bool:
    """Whether a position that was left has earned by the day what is not paid yet."""
    paid, booked = holding.daily_paid, holding.daily_booked
    return holding.status != "HOLDING" and bool(paid and booked and paid < booked)
