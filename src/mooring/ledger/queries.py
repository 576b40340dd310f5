"""Reads of the book: balances now, balances then, statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.ledger.chart import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What an account of the book holds now."""

    account_id: int
    code: Code
    amount: Amount
    reference: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """
    One entry on a customer's account, newest first in a statement.

    `amount` is signed: positive came in, negative went out. `balance_after` is of this
    account of the book, not of the customer's whole holding.
    """

    journal_id: int
    key: str
    kind: str
    effective_at: datetime
    code: Code
    reference: int
    amount: Amount
    balance_after: Amount


def balances(*, owner_id: int) -> tuple[Balance, ...]:
    """Return every account of a customer in the book, the empty ones too."""
    found = db.rows(
        "SELECT id, code, asset, balance, reference FROM ledger_account"
        " WHERE owner_id = %s ORDER BY asset, code, reference",
        [owner_id],
    )
    return tuple(
        Balance(
            account_id=account_id,
            code=Code(code),
            amount=Amount(balance, asset),
            reference=reference,
        )
        for account_id, code, asset, balance, reference in found
    )


def balance_at(*, account_id: int, at: datetime) -> Decimal:
    """
    Return what a customer's account of the book held at `at`: one descent of an index.

    Of journals that happened at `at` or before; 0 before the first.
    """
    found = db.rows(
        "SELECT entry.balance_after FROM ledger_entry AS entry"
        " INNER JOIN ledger_journal AS journal ON journal.id = entry.journal_id"
        " WHERE entry.account_id = %s AND entry.balance_after IS NOT NULL"
        " AND journal.effective_at <= %s ORDER BY entry.journal_id DESC LIMIT 1",
        [account_id, at],
    )
    return found[0][0] if found else Decimal(0)


def balances_then(
    *, owner_id: int, codes: Iterable[Code], times: Sequence[datetime]
) -> dict[datetime, tuple[Balance, ...]]:
    """Return what a customer's accounts of some codes held at some times; one statement."""
    found = db.rows(
        "SELECT moment.at, account.id, account.code, account.asset, account.reference,"
        "  coalesce(entry.balance_after, 0)"
        " FROM unnest(%(times)s::timestamptz[]) AS moment (at)"
        " INNER JOIN ledger_account AS account ON account.owner_id = %(owner_id)s"
        "  AND account.code = ANY(%(codes)s::smallint[])"
        " LEFT JOIN LATERAL (SELECT entry.balance_after FROM ledger_entry AS entry"
        "  INNER JOIN ledger_journal AS journal ON journal.id = entry.journal_id"
        "  WHERE entry.account_id = account.id AND entry.balance_after IS NOT NULL"
        "  AND journal.effective_at <= moment.at ORDER BY entry.journal_id DESC LIMIT 1) AS entry"
        "  ON TRUE"
        " ORDER BY moment.at, account.asset, account.code, account.id",
        {"times": list(times), "owner_id": owner_id, "codes": [int(code) for code in codes]},
    )
    by_time: dict[datetime, tuple[Balance, ...]] = dict.fromkeys(times, ())
    for at, account_id, code, asset, reference, balance in found:
        held = Balance(
            account_id=account_id,
            code=Code(code),
            amount=Amount(balance, asset),
            reference=reference,
        )
        by_time[at] = (*by_time[at], held)
    return by_time


def last_journal_id() -> int:
    """Return the number of the newest journal; 0 while there is none."""
    [(newest,)] = db.rows("SELECT coalesce(max(id), 0) FROM ledger_journal")
    return int(newest)


def platform_balance(*, code: Code, asset: str) -> Decimal:
    """
    Return the signed balance of a platform account: the sum of its movements.

    Debit is negative, so assets and expenses are negative here.
    """
    [(total,)] = db.rows(
        "SELECT coalesce(sum(movement.amount), 0) FROM ledger_account AS account"
        " INNER JOIN ledger_movement AS movement ON movement.account_id = account.id"
        " WHERE account.owner_id IS NULL AND account.code = %s AND account.asset = %s",
        [int(code), asset],
    )
    result: Decimal = total
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFilter:
    """
    Which entries a statement shows; every field narrows, None does not.

    `before` continues a page: only journals with a smaller number.
    """

    asset: str | None = None
    kinds: Sequence[str] | None = None
    codes: Iterable[Code] | None = None
    reference: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


_STATEMENT: Final = """
SELECT entry.journal_id, journal.key, journal.kind, journal.effective_at, account.code,
 account.reference, account.asset, entry.amount, entry.balance_after
FROM ledger_account AS account
CROSS JOIN LATERAL (
 SELECT entry.* FROM ledger_entry AS entry
 INNER JOIN ledger_journal AS journal ON journal.id = entry.journal_id
 WHERE entry.account_id = account.id AND entry.balance_after IS NOT NULL
 AND (%(before)s::bigint IS NULL OR entry.journal_id < %(before)s)
 AND (%(kinds)s::text[] IS NULL OR journal.kind = ANY(%(kinds)s))
 AND (%(since)s::timestamptz IS NULL OR journal.effective_at >= %(since)s)
 AND (%(until)s::timestamptz IS NULL OR journal.effective_at < %(until)s)
 ORDER BY entry.journal_id DESC LIMIT %(limit)s) AS entry
INNER JOIN ledger_journal AS journal ON journal.id = entry.journal_id
WHERE account.owner_id = %(owner_id)s
AND (%(asset)s::text IS NULL OR account.asset = %(asset)s)
AND (%(codes)s::smallint[] IS NULL OR account.code = ANY(%(codes)s))
AND (%(reference)s::bigint IS NULL OR account.reference = %(reference)s)
ORDER BY entry.journal_id DESC, account.code, account.id LIMIT %(limit)s
"""


def statement(
    *,
    owner_id: int,
    narrow: StatementFilter | None = None,
    limit: int = 50,
) -> tuple[StatementLine, ...]:
    """
    Return a customer's entries, newest first, at most `limit`.

    Args:
        owner_id: whose; another's entries are never in the answer.
        narrow: what to show; everything by default.
        limit: at least 1.
    """
    narrow = narrow or StatementFilter()
    found = db.rows(
        _STATEMENT,
        {
            "owner_id": owner_id,
            "asset": narrow.asset,
            "kinds": None if narrow.kinds is None else list(narrow.kinds),
            "codes": None if narrow.codes is None else [int(code) for code in narrow.codes],
            "reference": narrow.reference,
            "since": narrow.since,
            "until": narrow.until,
            "before": narrow.before,
            "limit": limit,
        },
    )
    return tuple(
        StatementLine(
            journal_id=journal_id,
            key=key,
            kind=kind,
            effective_at=effective_at,
            code=Code(code),
            reference=reference,
            amount=Amount(amount, asset),
            balance_after=Amount(balance_after, asset),
        )
        for (
            journal_id,
            key,
            kind,
            effective_at,
            code,
            reference,
            asset,
            amount,
            balance_after,
        ) in found
    )
