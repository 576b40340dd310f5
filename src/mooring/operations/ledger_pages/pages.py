"""The pages: run the events, read what they left in the book, write Markdown."""

import inspect
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from mooring.kernel import db
from mooring.kernel.money import plain
from mooring.ledger import api as ledger
from mooring.operations.ledger_pages.events import EVENTS as EVENTS_OF_A_LIFE
from mooring.operations.ledger_pages.events import Event, prepare
from mooring.operations.ledger_pages.liquid import EVENTS as EVENTS_OF_LIQUID_STAKING
from mooring.operations.ledger_pages.rewards_apart import EVENTS as EVENTS_OF_REWARDS_APART
from mooring.operations.ledger_pages.ways_out import EVENTS as EVENTS_OF_WAYS_OUT

_WRITTEN: Final = "<!-- Written by tools/ledger_pages.py; do not edit. -->"
_MEMBER: Final = re.compile(r"((?: +#: .+\n)+) +(\w+) = (\d{4})\n")
#: One after the other, in one life.
EVENTS: Final = (
    *EVENTS_OF_A_LIFE,
    *EVENTS_OF_WAYS_OUT,
    *EVENTS_OF_LIQUID_STAKING,
    *EVENTS_OF_REWARDS_APART,
)
_CLASSES: Final = {
    "1": ("Assets: what we have", "debit"),
    "2": ("Liabilities: what we owe", "credit"),
    "3": ("Equity: what is the operator's", "credit"),
    "4": ("Income: what we earned", "credit"),
    "5": ("Expenses: what it cost", "debit"),
    "9": ("Clearing: between assets", "either"),
}


def pages() -> dict[str, str]:
    """
    Carry out every event in the database at hand, and return the pages by file name.

    Needs an empty book, and leaves the events in it.
    """
    alice = prepare()
    written = {"README.md": _index(), "chart.md": _chart()}
    for event in EVENTS:
        before = _last_journal()
        event.do(alice)
        written[f"{event.page}.md"] = _page(event, _journals_after(before))
    return written


def _last_journal() -> int:
    [(last,)] = db.rows("SELECT coalesce(max(id), 0) FROM ledger_journal")
    found: int = last
    return found


def _journals_after(journal_id: int) -> list[tuple[Any, ...]]:
    return db.rows(
        "SELECT journal.id, journal.key, journal.kind, journal.effective_at, account.code,"
        "  account.asset, account.owner_id IS NOT NULL, entry.amount, entry.balance_after"
        " FROM ledger_journal AS journal"
        " INNER JOIN ledger_entry AS entry ON entry.journal_id = journal.id"
        " INNER JOIN ledger_account AS account ON account.id = entry.account_id"
        " WHERE journal.id > %s ORDER BY journal.id, entry.amount, account.code",
        [journal_id],
    )


def _page(event: Event, rows: Sequence[tuple[Any, ...]]) -> str:
    lines = [
        f"# {event.title}",
        "",
        _WRITTEN,
        "",
        event.says,
        "",
        event.told,
    ]
    for _, entries in groupby(rows, key=itemgetter(0)):
        journal = list(entries)
        if journal[0][2] in event.kinds:
            lines += _journal(journal)
    lines += ["", f"Source: {event.source}.", ""]
    return "\n".join(lines)


def _journal(entries: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    _, key, kind, effective_at, *_ = entries[0]
    # Numbers in a key are those of rows and minutes, and differ from book to book.
    masked = re.sub(r"\d+", "n", key)
    yield from (
        "",
        f"`{kind}` · `{masked}` · {effective_at:%Y-%m-%d %H:%M} UTC",
        "",
        "| account | of | debit | credit | balance after |",
        "|---|---|---:|---:|---:|",
    )
    for *_, code, asset, is_customers, amount, balance_after in entries:
        debit, credit = (plain(-amount), "") if amount < 0 else ("", plain(amount))
        name = ledger.Code(code).name.replace("_", " ").lower()
        whose = "alice" if is_customers else "the platform"
        after = "" if balance_after is None else plain(balance_after)
        yield f"| {code} {name}, {asset} | {whose} | {debit} | {credit} | {after} |"
    total: Decimal = sum((entry[7] for entry in entries), Decimal(0))
    yield f"| sum | | | {plain(total)} | |"


def _chart() -> str:
    lines = [
        "# Chart of accounts",
        "",
        _WRITTEN,
        "",
        "As far as the platform uses it (`src/mooring/ledger/chart.py`). Codes 2110-2169 and",
        "2180-2189 belong to a customer and are never below zero, all others to the platform. A",
        "state of money is an account, not a flag. Credit is positive in the book, debit negative.",
    ]
    for first, members in groupby(_members(), key=lambda member: member[0][0]):
        title, normal = _CLASSES[first]
        lines += [
            "",
            f"## {title}",
            "",
            f"Normal side: {normal}.",
            "",
            "| code | name | what it holds |",
            "|---|---|---|",
            *(f"| {code} | {name} | {meaning} |" for code, name, meaning in members),
        ]
    return "\n".join([*lines, ""])


def _members() -> list[tuple[str, str, str]]:
    """Return code, name and meaning of every line, from the comments beside them."""
    found = [
        (code, name, " ".join(comment.replace("#:", " ").split()))
        for comment, name, code in _MEMBER.findall(inspect.getsource(ledger.Code))
    ]
    return sorted(found)


def _index() -> str:
    return "\n".join(
        [
            "# The book, event by event",
            "",
            _WRITTEN,
            "",
            "What every event moves, as it really ran. `tools/ledger_pages.py` carries them out on",
            "an empty database and writes these pages; a test compares them with what runs now.",
            "Begin with the [chart of accounts](chart.md).",
            "",
            *(f"* [{event.title}]({event.page}.md)" for event in EVENTS),
            "",
        ]
    )
