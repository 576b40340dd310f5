"""Reads of verification: what customers and reviewers see before a case is opened."""

from dataclasses import dataclass
from datetime import datetime

from mooring.accounts.models import Account, Verification
from mooring.accounts.policies import VERIFICATION_MEGABYTES_MAX, VERIFICATION_MEGAPIXELS_MAX
from mooring.accounts.rules import verification as rules
from mooring.accounts.verification.pictures import Limits
from mooring.policies import api as policies


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A case without what is in it; the reason is that of a rejection."""

    id: int
    account_id: int
    level: int
    status: str
    submitted_at: datetime
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationStatus:
    """
    Where a customer stands.

    Args:
        level: verified; 0 is unverified.
        next_level: what can be asked for, whether or not a case waits; None from the highest.
        last: the case that was sent last; None before the first.
        is_flagged: compliance is looking at the account; the customer is not told why.
    """

    level: int
    next_level: int | None
    last: CaseSummary | None
    is_flagged: bool

    @property
    def pending(self) -> CaseSummary | None:
        """The case that waits for its decision."""
        return self._last_if(Verification.Status.PENDING)

    @property
    def rejected(self) -> CaseSummary | None:
        """The last case, where it was rejected and none was sent since."""
        return self._last_if(Verification.Status.REJECTED)

    def _last_if(self, status: str) -> CaseSummary | None:
        return self.last if self.last is not None and self.last.status == status else None


def find_verification_status(*, account_id: int) -> VerificationStatus:
    """Return where a customer stands; an account that is absent is unverified."""
    found = Account.objects.filter(id=account_id).values_list("verification_level", "flagged_at")
    level, flagged_at = found.first() or (0, None)
    last = Verification.objects.filter(account_id=account_id).order_by("-id").first()
    return VerificationStatus(
        level=level,
        next_level=rules.next_level(verified=level),
        last=_summary_of(last) if last is not None else None,
        is_flagged=flagged_at is not None,
    )


def list_pending_cases(*, limit: int) -> tuple[CaseSummary, ...]:
    """Return what waits for a decision, longest first."""
    waiting = Verification.objects.filter(status=Verification.Status.PENDING)
    rows = waiting.order_by("submitted_at", "id").defer("sealed_form")[:limit]
    return tuple(_summary_of(row) for row in rows)


def list_decided_cases(*, limit: int) -> tuple[CaseSummary, ...]:
    """Return what was decided, latest first."""
    decided = Verification.objects.exclude(status=Verification.Status.PENDING)
    rows = decided.order_by("-decided_at", "-id").defer("sealed_form")[:limit]
    return tuple(_summary_of(row) for row in rows)


def find_pending_case(*, account_id: int) -> int | None:
    """Return the number of the case of an account that waits for its decision."""
    waiting = Verification.objects.filter(account_id=account_id, status=Verification.Status.PENDING)
    return waiting.values_list("id", flat=True).first()


def find_picture_limits(*, at: datetime) -> Limits:
    """Return how large a picture may be as it is sent at `at`."""
    values = policies.in_force(at=at)
    return Limits(
        megabytes_max=values[VERIFICATION_MEGABYTES_MAX],
        megapixels_max=values[VERIFICATION_MEGAPIXELS_MAX],
    )


def _summary_of(row: Verification) -> CaseSummary:
    return CaseSummary(
        id=row.pk,
        account_id=row.account_id,
        level=row.level,
        status=row.status,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        reason=row.reason,
    )
