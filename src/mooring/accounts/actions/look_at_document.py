"""Look at a picture that a customer sent."""

from dataclasses import dataclass, field
from datetime import datetime

from mooring.accounts.models import Document
from mooring.accounts.verification.errors import VerificationNotFound
from mooring.accounts.verification.rows import document_purpose
from mooring.accounts.verification.views import record_view
from mooring.kernel import db
from mooring.kernel.sealing import unseal


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentContent:
    """A picture as it is shown to a reviewer."""

    id: int
    kind: str
    media_type: str
    content: bytes = field(repr=False)


@db.transaction
def look_at_document(document_id: int, *, reviewer_id: int, at: datetime) -> DocumentContent:
    """
    Open a picture for a reviewer, and record that they saw it.

    Args:
        at: platform time, UTC.

    Raises:
        NotAReviewer, VerificationIsOnesOwn: it is not theirs to see.
        VerificationNotFound: no such picture, or its account is closed.
        DocumentViewsUsedUp: they have seen enough for a day.
        SealBroken: the row was changed or moved, or its key is gone.
    """
    row = Document.objects.select_related("verification__account").filter(id=document_id).first()
    if row is None:
        raise VerificationNotFound
    record_view(row.verification, row.kind.lower(), reviewer_id=reviewer_id, at=at)
    purpose = document_purpose(row.verification_id, row.kind)
    return DocumentContent(
        id=row.pk,
        kind=row.kind,
        media_type=row.media_type,
        content=unseal(row.sealed, purpose=purpose),
    )
