"""Posting: the wrapper around the one function that writes the book."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db import DataError, IntegrityError

from mooring.kernel import db, rounding
from mooring.kernel.money import Amount
from mooring.ledger import errors

_NAMES: Final = re.compile(r"[A-Za-z0-9._:+*-]{1,200}(?:\n[A-Za-z0-9._:+*-]{1,200})*", re.ASCII)

_REFUSED_BY: Final[dict[str, type[Exception]]] = {
    "ledger_account_balance_not_negative": errors.InsufficientFunds,
    "ledger_entry_balance_after_not_negative": errors.InsufficientFunds,
    "ledger_account_closed_is_empty": errors.AccountClosed,
    "ledger_journal_key_reused": errors.KeyReused,
    "ledger_journal_balanced": errors.UnbalancedJournal,
    "ledger_entry_account_known": errors.UnknownAccount,
    "ledger_entry_asset_is_the_accounts": errors.WrongAsset,
    "ledger_entry_account_once_per_journal": errors.MalformedJournal,
    "ledger_entry_amount_not_zero": errors.MalformedJournal,
    "ledger_journal_key_unique": errors.MalformedJournal,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One signed entry: credit positive, debit negative, in the account's asset."""

    account_id: int
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """
    What happened, in the terms of the book.

    Args:
        key: unique for ever, `app.action:<caller's key>`; letters, digits and `._:+*-`.
        kind: `APP_EVENT`, as docs/ledger names it.
        lines: at least two, each account once, each asset summing to zero.
    """

    key: str
    kind: str
    lines: tuple[Line, ...]


class Posted(NamedTuple):
    """Where a journal stands in the book, and whether it stood there before this call."""

    journal_id: int
    replayed: bool


@db.transaction_required
def post(journals: Sequence[Journal], *, at: datetime) -> list[Posted]:
    """
    Post every journal, or none.

    The lines go to the database as arrays and are written as a set: one call posts one
    journal or a thousand. A journal whose key and content are in the book already moves
    nothing and is answered with the first posting.

    Args:
        journals: what happened, in order; none is allowed and does nothing.
        at: when it happened, UTC. The order of the book is the order of posting, not this.

    Returns:
        One `Posted` per journal, in order.

    Raises:
        InsufficientFunds: an account of a customer would fall below zero.
        AccountClosed: a closed account would move.
        KeyReused: a key is in the book with another content.
        UnbalancedJournal, UnknownAccount, WrongAsset, MalformedJournal: a fault of ours.
    """
    if not journals:
        return []
    _check_form(journals)
    lines = [line for journal in journals for line in journal.lines]
    account_ids = [str(line.account_id) for line in lines]
    # Normalised without rounding, so that 1.0 and 1.00 are one request.
    numbers = [str(line.amount.number.normalize(rounding.EXACT)) for line in lines]
    assets = [line.amount.asset for line in lines]
    places = [
        place for place, journal in enumerate(journals, start=1) for _ in range(len(journal.lines))
    ]
    parameters = [
        db.array([journal.key for journal in journals]),
        db.array([journal.kind for journal in journals]),
        db.array(_digests(journals, account_ids, numbers, assets)),
        db.array(places),
        db.array(account_ids),
        db.array(assets),
        db.array(numbers),
        at,
    ]
    try:
        [(ids, replayed)] = db.rows(
            "SELECT o_ids, o_replayed FROM ledger_post_v1(%s::text[], %s::text[], %s::text[],"
            " %s::integer[], %s::bigint[], %s::text[], %s::numeric[], %s)",
            parameters,
        )
    except (IntegrityError, DataError) as error:
        refusal = _REFUSED_BY.get(db.constraint_of(error) or "")
        if refusal is None:
            raise
        raise refusal() from error
    return list(map(Posted, ids, replayed))


def _check_form(journals: Sequence[Journal]) -> None:
    for journal in journals:
        if len(journal.lines) < 2:  # noqa: PLR2004 - double entry
            message = f"{journal.key}: a journal has two lines at least"
            raise errors.MalformedJournal(message)
    # All names in one go: a separator that no name may have, and a pattern over the whole.
    names = [journal.key for journal in journals]
    names.extend({journal.kind for journal in journals})
    if not _NAMES.fullmatch("\n".join(names)):
        message = "a key or a kind has characters that it may not have"
        raise errors.MalformedJournal(message)


def _digests(
    journals: Sequence[Journal],
    account_ids: Sequence[str],
    numbers: Sequence[str],
    assets: Sequence[str],
) -> list[str]:
    """Return the digest of each journal's kind and lines, whose texts the others are, in order."""
    texts = [" ".join(line) for line in zip(account_ids, numbers, assets, strict=True)]
    digests = []
    begin = 0
    for journal in journals:
        end = begin + len(journal.lines)
        content = "|".join([journal.kind, *texts[begin:end]])
        digests.append(hashlib.blake2b(content.encode(), digest_size=16).hexdigest())
        begin = end
    return digests


@db.transaction_required
def reverse(*, key: str, by_key: str, kind: str, at: datetime) -> Posted:
    """
    Post the exact opposite of a journal that is in the book.

    Args:
        key: of the journal to reverse.
        by_key: of the new journal; reversing twice with it reverses once.

    Raises:
        MalformedJournal: there is no such journal.
        InsufficientFunds: what it gave is no longer there to be taken back.
    """
    found = db.rows(
        "SELECT entry.account_id, entry.amount, entry.asset FROM ledger_journal AS journal"
        " INNER JOIN ledger_entry AS entry ON entry.journal_id = journal.id"
        " WHERE journal.key = %s ORDER BY entry.account_id",
        [key],
    )
    lines = tuple(Line(account_id, -Amount(amount, asset)) for account_id, amount, asset in found)
    [posted] = post([Journal(key=by_key, kind=kind, lines=lines)], at=at)
    return posted
