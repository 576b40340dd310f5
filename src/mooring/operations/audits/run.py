"""Run the audits, one after the other."""

import contextlib
import time
from collections.abc import Iterator
from typing import Final

from django.db import connection

from mooring.kernel import db
from mooring.operations.audits import (
    book,
    liquid,
    liquidity,
    people,
    positions,
    redemptions,
    rewards,
    withdrawals,
)
from mooring.operations.audits.audit import Audit, Finding

#: Every audit, in the order in which they are told.
ALL: Final[tuple[Audit, ...]] = (
    *book.AUDITS,
    *positions.AUDITS,
    *rewards.AUDITS,
    *redemptions.AUDITS,
    *withdrawals.AUDITS,
    *people.AUDITS,
    *liquid.AUDITS,
    *liquidity.AUDITS,
)
#: Offenders shown of one audit; the first few tell what kind of fault it is.
ROWS_MAX: Final = 20
# Materialized: a plan made for the first few rows is the slowest where there are none.
_FIRST: Final = "WITH offender AS MATERIALIZED ({offenders}) SELECT * FROM offender LIMIT {limit}"


def findings() -> Iterator[Finding]:
    """Run each audit, and yield what it found when it has."""
    with _patience():
        for audit in ALL:
            yield examine(audit)


def examine(audit: Audit) -> Finding:
    """Run one audit."""
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(_FIRST.format(offenders=audit.offenders, limit=ROWS_MAX + 1))
        columns = [column.name for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return Finding(
        audit=audit,
        rows=tuple(rows[:ROWS_MAX]),
        is_cut=len(rows) > ROWS_MAX,
        seconds=time.monotonic() - began,
    )


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    """Let a query over years of entries take its time, and sort in memory."""
    [(timeout, memory)] = db.rows(
        "SELECT current_setting('statement_timeout'), current_setting('work_mem')"
    )
    _set(statement_timeout="0", work_mem="256MB")
    try:
        yield
    finally:
        _set(statement_timeout=timeout, work_mem=memory)


def _set(**values: str) -> None:
    for name, value in values.items():
        db.rows("SELECT set_config(%s, %s, FALSE)", [name, value])
