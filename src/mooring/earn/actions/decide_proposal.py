"""Decide a proposal: approved, it is carried out in the same transaction; or it is rejected."""

from datetime import datetime
from typing import Final

from mooring.earn import proposal_errors as errors
from mooring.earn.actions.proposed_changes import carry_out_within
from mooring.earn.models import Proposal
from mooring.earn.rules.proposals import ProposalMalformed
from mooring.kernel import db

_REASON_MOST: Final = 200


@db.transaction
def decide_proposal(
    proposal_id: int, *, is_approved: bool, author: str, reason: str = "", at: datetime
) -> None:
    """
    Approve what another person proposed, or reject it with a reason.

    Args:
        author: who decides, as the operator's console knows them.
        reason: why not, at most 200 characters; of an approval what there is to say, if anything.

    Raises:
        ProposalNotFound, ProposalDecided, SecondPersonNeeded.
        ProposalTooLate: its time came before its approval.
        ProposalMalformed: a rejection without a reason, or one that is too long.
        Refusal: what the change itself is refused for by now.

    Source: domain rules §9.1; reliability no. 14.
    """
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None:
        raise errors.ProposalNotFound(proposal_id=proposal_id)
    if proposal.status != Proposal.Status.PENDING:
        raise errors.ProposalDecided(proposal_id=proposal_id)
    if proposal.proposed_by == author:
        raise errors.SecondPersonNeeded
    reason = reason.strip()
    is_text = len(reason) <= _REASON_MOST and reason.isprintable()
    if not (is_text and (is_approved or reason)):
        raise ProposalMalformed(
            field="reason", allowed="1 to %(most)s plain characters", most=_REASON_MOST
        )
    if is_approved:
        if proposal.effective_from <= at:
            raise errors.ProposalTooLate(effective_from=proposal.effective_from)
        carry_out_within(
            proposal.kind,
            proposal.subject,
            proposal.payload,
            effective_from=proposal.effective_from,
            at=at,
        )
    proposal.status = Proposal.Status.APPROVED if is_approved else Proposal.Status.REJECTED
    proposal.decided_by, proposal.decided_at, proposal.reason = author, at, reason
    proposal.save(update_fields=["status", "decided_by", "decided_at", "reason"])
