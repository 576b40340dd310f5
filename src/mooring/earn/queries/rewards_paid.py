"""Rewards as they are paid, of many customers at once: for who tells them so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mooring.earn.queries.records import REWARD_BOOKS, RewardKind
from mooring.kernel import db
from mooring.kernel.money import Amount

_PAID: Final = f"""
    SELECT position.account_id, position.id, journal.id, product.code, book.reward_kind,
        entry.amount * book.sign, entry.asset, journal.effective_at, journal.recorded_at
    FROM unnest(%s::bigint[], %s::bigint[]) AS asked (account_id, journal_id)
    INNER JOIN earn_position AS position ON position.account_id = asked.account_id
    INNER JOIN earn_product AS product ON product.id = position.product_id
    CROSS JOIN LATERAL {REWARD_BOOKS}
    INNER JOIN ledger_entry AS entry
        ON entry.account_id = book.id AND entry.journal_id > asked.journal_id
        AND entry.balance_after IS NOT NULL
    INNER JOIN ledger_journal AS journal
        ON journal.id = entry.journal_id AND journal.kind = book.kind
    ORDER BY journal.id, position.id LIMIT %s
"""  # noqa: S608 - no input in it


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardPaid:
    """
    A reward that a position was paid.

    Args:
        journal_id: of the payment, which may have paid other positions too.
        paid_at: platform time.
        recorded_at: real time at which the book took it.
    """

    account_id: int
    position_id: int
    journal_id: int
    product_code: str
    kind: RewardKind
    amount: Amount
    paid_at: datetime
    recorded_at: datetime


def list_rewards_paid(after: Mapping[int, int], *, limit: int) -> tuple[RewardPaid, ...]:
    """
    Return rewards of customers that journals paid, oldest first; one statement.

    A journal gets its number before it is seen: one that is read may be followed by a lower one
    for as long as a transaction can last.

    Args:
        after: by customer, the journal after which to begin.
        limit: how many at most.
    """
    found = db.rows(
        _PAID,
        [db.array(after.keys()), db.array(after.values()), limit],
    )
    return tuple(
        RewardPaid(
            account_id=account_id,
            position_id=position_id,
            journal_id=journal_id,
            product_code=code,
            kind=kind,
            amount=Amount(amount, asset),
            paid_at=paid_at,
            recorded_at=recorded_at,
        )
        for (
            account_id, position_id, journal_id, code, kind, amount, asset, paid_at, recorded_at
        ) in found
    )  # fmt: skip
