"""
The history as CSV, one row per entry of the book.

A text that a spreadsheet would take for a formula is quoted with an apostrophe; amounts are
numbers, negative ones too, and stay numbers.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mooring.kernel.money import plain
from mooring.ledger import api as ledger

COLUMNS: Final = (
    "time_utc",
    "journal",
    "kind",
    "asset",
    "amount",
    "wallet",
    "balance_after",
    "position",
    "key",
)
_BATCH: Final = 1000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    """A file whose `write` returns what it was given, for `csv` to hand on line by line."""

    def write(self, text: str) -> str:
        return text


def harmless(text: str) -> str:
    """
    Return a text that no spreadsheet takes for a formula.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def lines(account_id: int, narrow: ledger.StatementFilter) -> Iterator[str]:
    """Write a customer's entries that pass the filter, newest first, line by line."""
    writer = csv.writer(_Echo())
    # With this mark spreadsheets read UTF-8 as UTF-8.
    yield "\N{ZERO WIDTH NO-BREAK SPACE}" + str(writer.writerow(COLUMNS))
    while True:
        batch = ledger.statement(owner_id=account_id, narrow=narrow, limit=_BATCH)
        is_last = len(batch) < _BATCH
        if not is_last:
            # The last journal may be cut through; the next batch begins with it.
            cut = batch[-1].journal_id
            batch = tuple(line for line in batch if line.journal_id != cut)
        for line in batch:
            yield str(writer.writerow(_cells(line)))
        if is_last or not batch:
            return
        narrow = replace(narrow, before=batch[-1].journal_id)


def _cells(line: ledger.StatementLine) -> tuple[str, ...]:
    return (
        f"{line.effective_at:%Y-%m-%dT%H:%M:%SZ}",
        str(line.journal_id),
        harmless(line.kind),
        harmless(line.amount.asset),
        plain(line.amount.number),
        line.code.name,
        plain(line.balance_after.number),
        str(line.reference or ""),
        harmless(line.key),
    )
