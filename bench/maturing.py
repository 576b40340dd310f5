"""The day on which 1,000,000 locked positions end, beside the barest SQL of the same rows."""
# ruff: noqa: S608 - the statements hold nothing but constants of this file and its numbers

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
from mooring.kernel import db

PRODUCT: Final = "USDT030"
DAYS: Final = 30
#: The last reward day ends; rewards are paid an hour later, principal arrives a day later.
END: Final = worlds.MIDNIGHT + timedelta(days=DAYS)
#: Of the worker's process, whatever the number of positions.
MEMORY_MAX_MB: Final = 300

#: As in `closing_days`: tables of the same columns with the same primary keys and nothing else.
_TABLES: Final = ("ledger_account", "earn_position")
_PREPARE: Final = (
    "CREATE TABLE bare_entry (LIKE ledger_entry)",
    "CREATE UNIQUE INDEX ON bare_entry (account_id, journal_id)",
    "CREATE TABLE bare_journal (LIKE ledger_journal)",
    "ALTER TABLE bare_journal ADD PRIMARY KEY (id)",
    "CREATE TABLE bare_redemption (LIKE earn_redemption INCLUDING DEFAULTS)",
    "ALTER TABLE bare_redemption ADD PRIMARY KEY (id)",
    *(
        statement
        for table in _TABLES
        for statement in (
            f"CREATE TABLE bare_{table} WITH (fillfactor = 50) AS SELECT * FROM {table}",
            f"ALTER TABLE bare_{table} ADD PRIMARY KEY (id)",
            f"VACUUM ANALYZE bare_{table}",
        )
    ),
)
_DROP: Final = (
    "DROP TABLE bare_entry, bare_journal, bare_redemption, bare_ledger_account, bare_earn_position"
)


def _moved(journal: str, code: int, amount: str) -> tuple[str, str]:
    """Return what one code's lines write: the entries and the balances."""
    return (
        "INSERT INTO bare_entry (account_id, journal_id, asset, amount, balance_after)"
        f" SELECT id, {journal}, asset, {amount}, balance + {amount} FROM bare_ledger_account"
        f" WHERE code = {code}",
        f"UPDATE bare_ledger_account SET balance = balance + {amount} WHERE code = {code}",
    )


def _journals(offset: int, kind: str) -> str:
    return (
        "INSERT INTO bare_journal (id, key, kind, digest, effective_at, recorded_at)"
        f" SELECT {offset} + id, 'key.' || id, '{kind}', md5('key.' || id), now(), now()"
        " FROM bare_earn_position"
    )


_LAST_DAY: Final = "0.27397260"
_MONTH: Final = "8.21917808"
#: Booked, matured, paid and delivered; every amount is known beforehand.
_WRITE: Final = (
    *_moved("1", 2150, _LAST_DAY),
    "UPDATE bare_earn_position SET days_accrued = 30",
    "INSERT INTO bare_redemption (id, account_id, position_id, request_key, digest, type,"
    "  is_whole, status, destination, amount, deducted, fee, forfeited, rewards_added, net,"
    "  requested_at, arrives_from, arrives_until, recorded_at)"
    " SELECT id, account_id, id, 'maturity/' || id, '', 'MATURE', TRUE, 'PENDING', 'SPOT',"
    "  1000, 0, 0, 0, 0, 1000, rewards_end, delivers_at, delivers_at, now()"
    " FROM bare_earn_position",
    "UPDATE bare_earn_position SET status = 'REDEEMING', exit = 'MATURE', version = version + 1",
    _journals(10, "EARN_MATURED"),
    *_moved("10 + reference", 2140, "-1000"),
    *_moved("10 + reference", 2141, "1000"),
    *_moved("2", 2150, f"-{_LAST_DAY}"),
    *_moved("2", 2110, _LAST_DAY),
    "UPDATE bare_earn_position SET days_paid = 30",
    "UPDATE bare_redemption SET status = 'PAID', paid_at = now()",
    "UPDATE bare_earn_position SET status = 'PAID', closed_at = now()",
    _journals(1_000_000_000, "EARN_DELIVERED"),
    *_moved("1000000000 + reference", 2141, "-1000"),
    *_moved("1000000000 + owner_id", 2110, "1000"),
)


def run(*, count: int) -> Iterator[report.Result]:
    """Measure the whole of it and each part by itself, and the memory of the process."""
    forget_positions()
    _positions(count)
    bare = _bare()
    # In a process of its own, as the worker is one: what it needs is the maturities' alone.
    command = ["-m", "bench.maturity_day", END.isoformat()]
    said = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True)
    day = json.loads(said.stdout)
    if set(day["done"].values()) != {count}:
        message = f"{day['done']} positions were carried out instead of {count}"
        raise RuntimeError(message)
    yield report.at_least(
        f"maturity day of {count:,} positions, beside INSERT + UPDATE",
        count / sum(day["seconds"].values()),
        count / bare,
        0.3,
        unit="positions/s",
    )
    for name, seconds in day["seconds"].items():
        yield report.told(f"  of it: {name}", seconds, unit="s")
    yield report.at_most(
        "  memory of the process that does it", day["megabytes"], MEMORY_MAX_MB, 1, unit="MB"
    )


def _positions(count: int) -> None:
    """
    Make `count` customers with one locked position each, as `worlds.positions_in_bulk` does.

    Of 1,000 at 10 %, opened so that the first reward day begins at MIDNIGHT; all of its days but
    the last are booked and paid.
    """
    terms = earn.Offer(
        minimum=Decimal(1), apr=Decimal("0.1"), duration_days=DAYS, redeem_period_days=1
    )
    earn.publish(
        code=PRODUCT, kind="LOCKED", asset=worlds.ASSET, offer=terms, effective_from=worlds.BEGIN
    )
    as_owner(
        "INSERT INTO accounts_account (status, display_currency, opened_at, terms_version,"
        "  anti_phishing_code, verification_level)"
        f" SELECT 'OPEN', 'USD', '{worlds.BEGIN}', '', '', 0 FROM generate_series(1, {count})"
    )
    [(before,)] = db.rows(f"SELECT max(id) - {count} FROM accounts_account")
    # Ids begin with 1: nothing else is there.
    books = ((2140, 1000), (2141, 0), (2150, 0), (2110, 5000))
    as_owner(
        *(
            "INSERT INTO ledger_account (id, owner_id, code, asset, reference, balance)"
            f" OVERRIDING SYSTEM VALUE SELECT {place * count} + number, {before} + number, {code},"
            f"  '{worlds.ASSET}', {0 if code == 2110 else 'number'}, {balance}"
            f" FROM generate_series(1, {count}) AS number"
            for place, (code, balance) in enumerate(books)
        ),
        f"SELECT setval(pg_get_serial_sequence('ledger_account', 'id'), {len(books) * count})",
        "INSERT INTO earn_position (account_id, product_id, terms_id, kind, status, exit,"
        "  version, principal_account, redeeming_account, rewards_account, opened_at,"
        "  value_date, rewards_end, delivers_at, days_accrued, days_paid)"
        f" SELECT {before} + number, product.id, terms.id, 'LOCKED', 'HOLDING', '', 1, number,"
        f"  {count} + number, {2 * count} + number, '{worlds.BEGIN}', '{worlds.MIDNIGHT}',"
        f"  '{END}', '{END + timedelta(days=1)}', {DAYS - 1}, {DAYS - 1}"
        " FROM earn_product AS product"
        " INNER JOIN earn_terms AS terms ON terms.product_id = product.id"
        f" CROSS JOIN generate_series(1, {count}) AS number WHERE product.code = '{PRODUCT}'",
        *(
            f"VACUUM ANALYZE {table}"
            for table in ("accounts_account", "ledger_account", "earn_position")
        ),
    )


def _bare() -> float:
    as_owner(*_PREPARE)
    begun = time.perf_counter()
    as_owner(*_WRITE)
    seconds = time.perf_counter() - begun
    as_owner(_DROP)
    return seconds
