"""Posting what was decided as a set, and one by one only when the book declines a part of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from mooring.kernel.errors import Refusal
from mooring.ledger import api as ledger

#: What the book may decline about one journal of several.
_ONE_BY_ONE: Final = (ledger.InsufficientFunds, ledger.KeyReused, ledger.AccountClosed)


def post_each(journals: Sequence[ledger.Journal], *, at: datetime) -> list[ledger.Posted | Refusal]:
    """Post each journal, or say why the book declines it; inside the action's transaction."""
    if len({journal.key for journal in journals}) == len(journals):
        try:
            with transaction.atomic():
                return list(ledger.post(journals, at=at))
        except _ONE_BY_ONE:
            pass
    return [_post_one(journal, at=at) for journal in journals]


def _post_one(journal: ledger.Journal, *, at: datetime) -> ledger.Posted | Refusal:
    try:
        with transaction.atomic():
            [posted] = ledger.post([journal], at=at)
    except _ONE_BY_ONE as refusal:
        return refusal
    return posted
