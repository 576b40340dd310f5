"""Changes that were proposed, and what became of them; for the operator."""

from dataclasses import dataclass
from datetime import datetime

from mooring.earn.models import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A change; fields as `models.Proposal` explains them."""

    id: int
    kind: str
    subject: str
    payload: dict[str, str]
    effective_from: datetime
    status: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str


def list_proposals(
    *, subject: str | None = None, is_pending: bool | None = None, limit: int = 50
) -> tuple[ProposalView, ...]:
    """Return proposals, newest first; of one subject, waiting or decided ones, or all."""
    found = Proposal.objects.order_by("-id")
    if subject is not None:
        found = found.filter(subject=subject)
    if is_pending is not None:
        pending = Proposal.Status.PENDING
        found = found.filter(status=pending) if is_pending else found.exclude(status=pending)
    names = ProposalView.__dataclass_fields__
    return tuple(ProposalView(**row) for row in found.values(*names)[:limit])
