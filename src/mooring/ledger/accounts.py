"""Accounts of the book: made when first needed, found by what they are for."""

from collections.abc import Sequence
from dataclasses import dataclass

from mooring.kernel import db
from mooring.ledger.chart import Code


@dataclass(frozen=True, slots=True)
class AccountName:
    """
    What an account of the book is for.

    Args:
        code: the line of the chart.
        asset: the asset it is kept in.
        owner_id: the customer's account, or None for the platform's own.
        reference: what it belongs to within the owner, such as a position; 0 for none.
    """

    code: Code
    asset: str
    owner_id: int | None = None
    reference: int = 0


@db.transaction_required
def open_accounts(names: Sequence[AccountName]) -> list[int]:
    """
    Return the ids of these accounts, in order; those that do not exist are made, empty.

    One statement for any number. Safe to call by many at once.
    """
    if not names:
        return []
    [(ids,)] = db.rows(
        "SELECT ledger_open_accounts_v1(%s::bigint[], %s::smallint[], %s::text[], %s::bigint[])",
        [
            db.array([name.owner_id for name in names]),
            db.array([int(name.code) for name in names]),
            db.array([name.asset for name in names]),
            db.array([name.reference for name in names]),
        ],
    )
    found: list[int] = ids
    return found
