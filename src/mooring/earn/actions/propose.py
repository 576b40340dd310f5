"""Propose a change of what is offered; a second person decides it (domain rules §9.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mooring.earn import proposal_errors as errors
from mooring.earn.actions.proposed_changes import carry_out_within
from mooring.earn.models import Proposal
from mooring.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    What is to change.

    Args:
        kind: as `models.Proposal.Kind`.
        subject: a product's code; of UNBONDING an asset's.
        payload: texts by field, as `rules.proposals.FIELDS` has them.
        effective_from: from when it holds; running positions keep their terms.
    """

    kind: str
    subject: str
    payload: Mapping[str, str]
    effective_from: datetime


@db.transaction
def propose(change: Change, *, author: str, at: datetime) -> int:
    """
    Write down a change that waits for a second person; nothing else changes yet.

    It is tried out and taken back, so that what could never be approved is refused now.

    Args:
        author: who proposes, as the operator's console knows them.

    Returns:
        The proposal's number.

    Raises:
        ProposalMalformed, ProposalTooLate, and what the change itself would be refused for.
    """
    if change.effective_from <= at:
        raise errors.ProposalTooLate(effective_from=change.effective_from)
    payload = {name: text.strip() for name, text in change.payload.items() if text.strip()}
    with transaction.atomic():
        carry_out_within(
            change.kind, change.subject, payload, effective_from=change.effective_from, at=at
        )
        transaction.set_rollback(True)
    made = Proposal.objects.create(
        kind=change.kind,
        subject=change.subject,
        payload=payload,
        effective_from=change.effective_from,
        proposed_by=author,
        proposed_at=at,
    )
    return made.pk
