"""Positions under lock: what every action on positions begins and ends with."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

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
    db.execute(
        "UPDATE earn_position AS position SET version = t.version, status = t.status,"
        "  exit = t.exit, accrued_minute = t.accrued_minute, growth = t.growth, carry = t.carry,"
        "  closed_at = CASE WHEN t.status = 'PAID' THEN %s::timestamptz END"
        " FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::bigint[],"
        "  %s::numeric[], %s::numeric[])"
        "  AS t (id, version, status, exit, accrued_minute, growth, carry)"
        " WHERE position.id = t.id",
        [
            at,
            db.array([holding.id for holding in touched]),
            db.array([holding.version for holding in touched]),
            db.array([holding.status for holding in touched]),
            db.array([holding.exit for holding in touched]),
            db.array([_flexible(holding, holding.accrued_minute) for holding in touched]),
            db.array([_flexible(holding, holding.growth) for holding in touched]),
            db.array([_flexible(holding, holding.carry) for holding in touched]),
        ],
    )


def _flexible(holding: Holding, value: Decimal | int) -> Decimal | int | None:
    return value if holding.kind == "FLEXIBLE" else None
