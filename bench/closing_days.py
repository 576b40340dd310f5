"""The day's close of 1,000,000 and of 5,000,000 flexible positions, beside the barest SQL."""

import time
from collections.abc import Iterator
from typing import Final

from django.db import connection

from bench import report, worlds
from mooring.earn.actions.close_days import DayDue, close_flexible_day

#: What the barest possible writer writes: the same rows into tables of the same columns with
#: the same primary keys, values known beforehand, no rule, no other constraint, one statement
#: for each table.
_PREPARE: Final = (
    "CREATE TABLE bare_entry (LIKE ledger_entry)",
    "CREATE UNIQUE INDEX ON bare_entry (account_id, journal_id)",
    "CREATE TABLE bare_account WITH (fillfactor = 50) AS SELECT * FROM ledger_account",
    "ALTER TABLE bare_account ADD PRIMARY KEY (id)",
    "CREATE TABLE bare_position WITH (fillfactor = 50) AS SELECT * FROM earn_position",
    "ALTER TABLE bare_position ADD PRIMARY KEY (id)",
    "VACUUM ANALYZE bare_account",
    "VACUUM ANALYZE bare_position",
)
_WRITE: Final = (
    "INSERT INTO bare_entry (account_id, journal_id, asset, amount, balance_after)"
    " SELECT id, 1, asset, 0.08219178, balance + 0.08219178 FROM bare_account"
    " WHERE code = 2130",
    "UPDATE bare_account SET balance = balance + 0.08219178 WHERE code = 2130",
    "UPDATE bare_position SET accrued_minute = accrued_minute + 720,"
    " growth = 1.000042735042735042735042735043, carry = 0.000000001234567890123456789012",
)
_DROP: Final = "DROP TABLE bare_entry, bare_account, bare_position"


def run(*, small: int, large: int) -> Iterator[report.Result]:
    """Measure the close at two sizes; the second grows out of the first."""
    worlds_small = _measure(small)
    yield report.at_least(
        f"day close of {small:,} positions, beside INSERT + UPDATE",
        small / worlds_small[0],
        small / worlds_small[1],
        0.4,
        unit="positions/s",
    )
    seconds, bare = _measure(large)
    yield report.at_least(
        f"day close of {large:,} positions, beside INSERT + UPDATE",
        large / seconds,
        large / bare,
        0.4,
        unit="positions/s",
    )
    yield report.at_most(
        f"  time per position at {large:,} against {small:,}",
        seconds / large * 1e6,
        worlds_small[0] / small * 1e6,
        1.2,
        unit="us",
    )


def _measure(count: int) -> tuple[float, float]:
    """Return the seconds of the close and of the barest writer, over `count` positions."""
    forget_positions()
    product_id = worlds.positions_in_bulk(count)
    due = DayDue(product_id=product_id, asset=worlds.ASSET, ends_at=worlds.MIDNIGHT)
    bare = _bare()
    begun = time.perf_counter()
    done = close_flexible_day(due, at=worlds.NEXT_DAY)
    seconds = time.perf_counter() - begun
    if done != count:
        message = f"{done} positions were closed instead of {count}"
        raise RuntimeError(message)
    return seconds, bare


def _bare() -> float:
    as_owner(*_PREPARE)
    begun = time.perf_counter()
    as_owner(*_WRITE)
    seconds = time.perf_counter() - begun
    as_owner(_DROP)
    return seconds


def forget_positions() -> None:
    """Empty what the last size left; a benchmark's server is thrown away."""
    book = ("ledger_entry", "ledger_journal", "ledger_movement")
    as_owner(
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in book),
        # Customers stay: what was recorded of them refuses to go.
        "TRUNCATE earn_position, earn_subscription, earn_redemption, earn_day_close,"
        " earn_daily_close, ledger_account, ledger_entry, ledger_journal, ledger_movement"
        " RESTART IDENTITY CASCADE",
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in book),
    )


def as_owner(*statements: str) -> None:
    """Run statements as the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SET statement_timeout = 0")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET ROLE mooring_app")
