"""Redemptions as rows: one statement for any number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mooring.earn.actions.columns import columns_of
from mooring.earn.rules.redemption import Holding, Leaving
from mooring.kernel import db


@dataclass(slots=True, kw_only=True)
class RedemptionRow:
    """A decided redemption, as `models.Redemption` explains the columns."""

    request_key: str
    digest: str
    destination: str
    holding: Holding
    leaving: Leaving
    requested_at: datetime


_COLUMNS: Final = (
    ("account_id", "bigint"),
    ("position_id", "bigint"),
    ("request_key", "text"),
    ("digest", "text"),
    ("type", "text"),
    ("speed", "text"),
    ("is_whole", "boolean"),
    ("status", "text"),
    ("destination", "text"),
    ("amount", "numeric"),
    ("deducted", "numeric"),
    ("fee", "numeric"),
    ("forfeited", "numeric"),
    ("rewards_added", "numeric"),
    ("net", "numeric"),
    ("requested_at", "timestamptz"),
    ("arrives_from", "timestamptz"),
    ("arrives_until", "timestamptz"),
    ("undo_until", "timestamptz"),
    ("paid_at", "timestamptz"),
    ("queued_because", "text"),
    ("runs_at", "timestamptz"),
    ("growth", "numeric"),
    ("low_before", "numeric"),
    ("low_after", "numeric"),
    ("reward_deducted", "numeric"),
    ("reward_forfeited", "numeric"),
    ("reward_kept", "numeric"),
    ("reward_price", "numeric"),
    ("days_accrued", "smallint"),
    ("days_paid", "smallint"),
)
_NAMES: Final = ", ".join(name for name, _ in _COLUMNS)


def insert_redemptions(rows: Sequence[RedemptionRow]) -> list[int]:
    """Remember redemptions and return their ids, in order."""
    if not rows:
        return []
    columns = columns_of(_COLUMNS, list(zip(*map(_values, rows), strict=True)), key="position_id")
    found = db.rows(
        f"INSERT INTO earn_redemption ({_NAMES})"  # noqa: S608 - names from the table above
        f" SELECT {', '.join(columns.expressions)} FROM {columns.table} RETURNING id",
        [*columns.scalars, *columns.arrays],
    )
    return [id_ for (id_,) in found]


def _values(row: RedemptionRow) -> tuple[object, ...]:
    holding, leaving = row.holding, row.leaving
    requested_at = row.requested_at.isoformat()
    is_paid = leaving.redemption_status == "PAID"
    is_part = leaving.type == "EARLY" and not leaving.whole
    return (
        holding.account_id,
        holding.id,
        row.request_key,
        row.digest,
        leaving.type,
        leaving.speed,
        leaving.whole,
        leaving.redemption_status,
        row.destination,
        leaving.amount,
        leaving.deducted,
        leaving.fee,
        leaving.forfeited,
        leaving.rewards_added,
        leaving.net,
        requested_at,
        requested_at if is_paid else leaving.arrives_from.isoformat(),
        requested_at if is_paid else leaving.arrives_until.isoformat(),
        None if leaving.undo_until is None else leaving.undo_until.isoformat(),
        requested_at if is_paid else None,
        leaving.queued_because,
        None if leaving.runs_at is None else leaving.runs_at.isoformat(),
        leaving.growth if leaving.speed == "STANDARD" else None,
        leaving.low_before,
        leaving.low_after,
        leaving.reward_deducted,
        leaving.reward_forfeited,
        leaving.reward_kept,
        leaving.reward_price,
        holding.days_accrued if is_part else None,
        holding.days_paid if is_part else None,
    )
