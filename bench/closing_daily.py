"""The close of a day with a bonus, of 1,000,000 positions, beside the barest SQL; its memory."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from bench import report, worlds
from bench.closing_days import as_owner, forget_positions
from mooring.earn import api as earn

#: The day after the opening: the first that pays by the day.
_ENDS_AT: Final = worlds.MIDNIGHT + timedelta(days=1)
#: Every position has the account in which its rewards wait, as on every night but the first.
_OPEN: Final = (
    "INSERT INTO ledger_account (owner_id, code, asset, reference, balance)"
    " SELECT account_id, 2150, 'USDT', id, 0.01 FROM earn_position",
    "UPDATE earn_position SET rewards_account = account.id FROM ledger_account AS account"
    " WHERE account.code = 2150 AND account.reference = earn_position.id",
    "UPDATE earn_position SET daily_booked = '2026-01-02', daily_paid = '2026-01-02'",
    "VACUUM ANALYZE ledger_account",
    "VACUUM ANALYZE earn_position",
)
#: As in `closing_days`: the same rows, nothing but rows. What the day pays by the day waits in
#: accounts of its own; what it paid by the minute goes into the position.
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
    " SELECT id, 1, asset, 0.08219178, balance + 0.08219178 FROM bare_account WHERE code = 2150",
    "UPDATE bare_account SET balance = balance + 0.08219178 WHERE code = 2150",
    "UPDATE bare_position SET daily_booked = '2026-01-03',"
    " bonus_carry = 0.000000001234567890123456789012",
    "INSERT INTO bare_entry (account_id, journal_id, asset, amount, balance_after)"
    " SELECT id, 1, asset, 0.08219178, balance + 0.08219178 FROM bare_account WHERE code = 2130",
    "UPDATE bare_account SET balance = balance + 0.08219178 WHERE code = 2130",
    "UPDATE bare_position SET accrued_minute = accrued_minute + 1440, credited_total = 0.08219178,"
    " growth = 1.000042735042735042735042735043, carry = 0.000000001234567890123456789012",
)
_DROP: Final = "DROP TABLE bare_entry, bare_account, bare_position"


def run(*, count: int) -> Iterator[report.Result]:
    """Measure the close of a day that pays by the minute and by the day."""
    forget_positions()
    product_id = worlds.positions_in_bulk(count)
    _announce()
    as_owner(*_OPEN)
    bare = _bare()
    # In a process of its own, as the worker is one: what it needs is the close's alone.
    command = ["-m", "bench.day_closer", str(product_id), worlds.ASSET, _ENDS_AT.isoformat()]
    said = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True)
    close = json.loads(said.stdout)
    if close["closed"] != count:
        message = f"{close['closed']} positions were closed instead of {count}"
        raise RuntimeError(message)
    yield report.at_least(
        f"close of a day with a bonus, {count:,} positions, beside SQL",
        count / close["seconds"],
        count / bare,
        0.3,
        unit="positions/s",
    )
    yield report.at_most(
        "  memory of the process that closes", close["megabytes"], 300, 1, unit="MB"
    )


def _announce() -> None:
    tiers = ((0, 1000, "0.05"), (1000, 5000, "0.03"), (5000, None, "0.01"))
    earn.set_daily_rates(
        product_code=worlds.PRODUCT,
        asset=worlds.ASSET,
        tiers=[
            earn.Tier(
                above=Decimal(above),
                up_to=None if up_to is None else Decimal(up_to),
                rate=Decimal(rate),
            )
            for above, up_to, rate in tiers
        ],
        from_day=worlds.MIDNIGHT.date(),
        at=worlds.BEGIN,
    )


def _bare() -> float:
    as_owner(*_PREPARE)
    begun = time.perf_counter()
    as_owner(*_WRITE)
    seconds = time.perf_counter() - begun
    as_owner(_DROP)
    return seconds
