"""How much a reviewer looks at, counted from the record that each look leaves."""

from datetime import datetime, timedelta

from mooring.accounts import events
from mooring.accounts.models import Account, SecurityEvent, Verification
from mooring.accounts.policies import VERIFICATION_VIEWS_PER_DAY
from mooring.accounts.verification.errors import DocumentViewsUsedUp, VerificationNotFound
from mooring.accounts.verification.rows import check_reviewer
from mooring.kernel import db
from mooring.policies import api as policies

_A_DAY = timedelta(days=1)


@db.transaction_required
def record_view(case: Verification, what: str, *, reviewer_id: int, at: datetime) -> int:
    """
    Write onto a customer's record that a reviewer sees something of theirs.

    Args:
        case: with its account.
        what: `form`, or the kind of a picture in lower case.

    Returns:
        How many views are left to the reviewer today.

    Raises:
        NotAReviewer, VerificationIsOnesOwn: it is not theirs to see.
        VerificationNotFound: its account is closed.
        DocumentViewsUsedUp: they have seen enough for a day.
    """
    # Locks the reviewer's row: two views at once are two in the count.
    check_reviewer(reviewer_id, user_id=case.account.user_id)
    if case.account.user_id is None or case.account.status == Account.Status.CLOSED:
        raise VerificationNotFound
    views_max = policies.in_force(at=at)[VERIFICATION_VIEWS_PER_DAY]
    seen = views_since(at - _A_DAY, reviewer_id=reviewer_id)
    if seen >= views_max:
        raise DocumentViewsUsedUp(views_max=views_max)
    # No origin: the reviewer's address and browser are not the customer's to know.
    events.record(
        events.Kind.DOCUMENT_VIEWED,
        user_id=case.account.user_id,
        origin=None,
        at=at,
        details={"case": str(case.pk), "document": what, "reviewer": str(reviewer_id)},
    )
    return views_max - seen - 1


def views_since(since: datetime, *, reviewer_id: int) -> int:
    """Return how often a reviewer has looked at something after `since`."""
    return SecurityEvent.objects.filter(
        kind=events.Kind.DOCUMENT_VIEWED, at__gt=since, details__reviewer=str(reviewer_id)
    ).count()
