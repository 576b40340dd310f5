"""What actions and queries of verification share: what rows are sealed for, and who may review."""

import json

from mooring.accounts.models import User, Verification
from mooring.accounts.verification.errors import NotAReviewer, VerificationIsOnesOwn
from mooring.kernel import db
from mooring.kernel.sealing import seal, unseal


def document_purpose(verification_id: int, kind: str) -> str:
    """Return what a picture is sealed for: moved to another case or kind, it does not open."""
    return f"document:{verification_id}:{kind}"


def sealed_form(verification_id: int, texts: dict[str, str]) -> bytes:
    """Return the texts of a case's form, sealed for it."""
    content = json.dumps(texts, ensure_ascii=False).encode()
    return seal(content, purpose=_form_purpose(verification_id))


def opened_form(case: Verification) -> dict[str, str]:
    """
    Return the texts of a case's form.

    Raises:
        SealBroken: the row was changed, or its key is gone.
    """
    content = unseal(case.sealed_form, purpose=_form_purpose(case.pk))
    texts: dict[str, str] = json.loads(content)
    return texts


@db.transaction_required
def check_reviewer(reviewer_id: int, *, user_id: int | None) -> None:
    """
    Lock the row of a reviewer, and decline who may not review a person.

    Args:
        reviewer_id: the log-in that reviews.
        user_id: the log-in of the person who is reviewed; None where there is none any more.

    Raises:
        NotAReviewer: absent, blocked, or not staff (any more).
        VerificationIsOnesOwn: they are the same.
    """
    may_review = User.objects.select_for_update(no_key=True).filter(
        id=reviewer_id, is_staff=True, is_active=True
    )
    if may_review.first() is None:
        raise NotAReviewer
    if reviewer_id == user_id:
        raise VerificationIsOnesOwn


def _form_purpose(verification_id: int) -> str:
    return f"verification:{verification_id}:form"
