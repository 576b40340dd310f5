"""Look at what a customer wrote, and at which pictures there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mooring.accounts.models import Document, Verification
from mooring.accounts.verification.errors import VerificationNotFound
from mooring.accounts.verification.rows import opened_form
from mooring.accounts.verification.views import record_view
from mooring.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A picture of a case, not its content; size in bytes."""

    id: int
    kind: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """
    A case as its reviewer sees it.

    Args:
        texts: what the form says.
        identity: at level 2, what was approved at level 1; otherwise empty.
        views_left: how much the reviewer may still look at today.
    """

    id: int
    account_id: int
    level: int
    status: str
    reason: str
    submitted_at: datetime
    decided_at: datetime | None
    account_level: int
    account_status: str
    flagged_at: datetime | None
    texts: Mapping[str, str] = field(repr=False)
    identity: Mapping[str, str] = field(repr=False)
    documents: tuple[DocumentView, ...]
    views_left: int


@db.transaction
def look_at_case(verification_id: int, *, reviewer_id: int, at: datetime) -> CaseView:
    """
    Open the form of a case for a reviewer, and record that they saw it.

    Args:
        at: platform time, UTC.

    Raises:
        NotAReviewer, VerificationIsOnesOwn: it is not theirs to see.
        VerificationNotFound: no such case, or its account is closed.
        DocumentViewsUsedUp: they have seen enough for a day.
    """
    case = Verification.objects.select_related("account").filter(id=verification_id).first()
    if case is None:
        raise VerificationNotFound
    views_left = record_view(case, "form", reviewer_id=reviewer_id, at=at)
    kept = Document.objects.filter(verification_id=case.pk).order_by("id").defer("sealed")
    return CaseView(
        id=case.pk,
        account_id=case.account_id,
        level=case.level,
        status=case.status,
        reason=case.reason,
        submitted_at=case.submitted_at,
        decided_at=case.decided_at,
        account_level=case.account.verification_level,
        account_status=case.account.status,
        flagged_at=case.account.flagged_at,
        texts=opened_form(case),
        identity=_identity_of(case),
        documents=tuple(_view_of(row) for row in kept),
        views_left=views_left,
    )


def _identity_of(case: Verification) -> Mapping[str, str]:
    """Return the identity that was approved, for a proof of address is compared with it."""
    if case.level == 1:
        return {}
    approved = Verification.objects.filter(
        account_id=case.account_id, level=1, status=Verification.Status.APPROVED
    )
    found = approved.order_by("-id").first()
    return opened_form(found) if found is not None else {}


def _view_of(row: Document) -> DocumentView:
    return DocumentView(id=row.pk, kind=row.kind, width=row.width, height=row.height, size=row.size)
