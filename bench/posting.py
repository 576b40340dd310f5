"""`ledger.post`: batches of 1,000 two-line journals over 10,000 accounts."""

import functools
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from bench import report, worlds, writers
from bench.reference import Pgbench
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger

BATCH: Final = 1_000
ACCOUNTS: Final = 10_000
#: Both draw from all accounts. While one waits for rows of the other, its next batch is written
#: out and sent already.
WRITERS: Final = 2


def run(pgbench: Pgbench, *, batches: int, seconds: int) -> Iterator[report.Result]:
    """Measure uniform and hot postings, each in turns with the reference."""
    accounts, vault = worlds.book_accounts(ACCOUNTS)
    for name, times, other in (("uniform", 8, None), ("hot platform account", 10, vault)):
        draw = functools.partial(_batches, name[:3], accounts, other, batches)
        measured = writers.measure(
            draw, _post_all, writers=WRITERS, pgbench=pgbench, seconds=seconds
        )
        yield report.at_least(
            f"ledger.post, batches of {BATCH:,}, {name}",
            writers.ROUNDS * WRITERS * batches * BATCH / measured.seconds,
            measured.reference,
            times,
            unit="journals/s",
        )


def _batches(
    tag: str, accounts: list[int], other: int | None, count: int, writer: int, turn: int
) -> list[list[ledger.Journal]]:
    return [_batch(f"{tag}.{writer}.{turn}.{number}", accounts, other) for number in range(count)]


def _post_all(drawn: list[list[ledger.Journal]]) -> None:
    for batch in drawn:
        _post(batch)


@db.transaction
def _post(journals: list[ledger.Journal]) -> None:
    ledger.post(journals, at=worlds.BEGIN)


def _batch(tag: str, accounts: list[int], other: int | None) -> list[ledger.Journal]:
    return [_journal(f"bench.{tag}.{number}", accounts, other) for number in range(BATCH)]


def _journal(key: str, accounts: list[int], other: int | None) -> ledger.Journal:
    source, target = random.sample(accounts, 2)
    amount = Amount(Decimal(random.randint(1, 10**9)).scaleb(-8), "BTC")
    return ledger.Journal(
        key=key,
        kind="BENCH",
        lines=(ledger.Line(source, -amount), ledger.Line(other or target, amount)),
    )
