"""Decide a case of verification, once."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Greatest

from mooring.accounts import events
from mooring.accounts.errors import AccountNotOpen
from mooring.accounts.locks import lock_open
from mooring.accounts.models import Account, Verification
from mooring.accounts.rules import verification as rules
from mooring.accounts.verification.errors import (
    VerificationDecided,
    VerificationNotFound,
    VerificationReasonWrong,
)
from mooring.accounts.verification.rows import check_reviewer, opened_form
from mooring.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Approved, or rejected for a reason that the customer reads."""

    is_approved: bool
    reason: str = ""


@db.transaction
def decide_verification(
    verification_id: int, decision: Decision, *, reviewer_id: int | None, at: datetime
) -> None:
    """
    Approve or reject a case, and tell its customer.

    A case and its pictures never change after they were sent: who sends others sends another
    case, with another number. So what is approved is what was looked at.

    Args:
        reviewer_id: the log-in of who decides; None for the operator at the machine, and for a
            provider.
        at: platform time, UTC.

    Raises:
        VerificationReasonWrong: a rejection without a reason that can be shown.
        VerificationNotFound: no such case.
        NotAReviewer, VerificationIsOnesOwn: somebody else must decide.
        AccountNotOpen: the account was disabled or closed meanwhile.
        VerificationDecided: by whomever, before.
    """
    reason = _reason_of(decision)
    account_id = _account_of(verification_id)
    # The account first, as always; its row also keeps two decisions apart.
    is_open = account_id in lock_open([account_id])
    account = Account.objects.get(id=account_id)
    if reviewer_id is not None:
        check_reviewer(reviewer_id, user_id=account.user_id)
    if not is_open:
        raise AccountNotOpen(account_id=account_id)
    case = Verification.objects.get(id=verification_id)
    if case.status != Verification.Status.PENDING:
        raise VerificationDecided
    statuses = Verification.Status
    case.status = statuses.APPROVED if decision.is_approved else statuses.REJECTED
    case.decided_at, case.decided_by_id, case.reason = at, reviewer_id, reason
    case.save(update_fields=["status", "decided_at", "decided_by", "reason"])
    if decision.is_approved:
        _raise_level(account_id, case.level)
        _note_country(account_id, case)
    _tell(account, case, at=at)


def _raise_level(account_id: int, level: int) -> None:
    """Raise the account's level; a lower case that is decided late does not lower it."""
    higher = Greatest(F("verification_level"), level)
    Account.objects.filter(id=account_id).update(verification_level=higher)


def _note_country(account_id: int, case: Verification) -> None:
    """Note where the person lives: of the address that was proven, else of the first form."""
    form = opened_form(case)
    country = form.get("address_country") or form.get("country", "")
    if country:
        Account.objects.filter(id=account_id).update(country=country)


def _tell(account: Account, case: Verification, *, at: datetime) -> None:
    if account.user_id is None:
        return
    is_approved = case.status == Verification.Status.APPROVED
    kinds = events.Kind
    kind = kinds.VERIFICATION_APPROVED if is_approved else kinds.VERIFICATION_REJECTED
    details = {"level": str(case.level)} | ({} if is_approved else {"reason": case.reason})
    # No origin: the reviewer's address and browser are not the customer's to know.
    events.record(kind, user_id=account.user_id, origin=None, at=at, details=details)


def _reason_of(decision: Decision) -> str:
    if decision.is_approved:
        return ""
    reason = rules.one_line(decision.reason)
    is_short = len(reason) <= rules.REASON_LENGTH_MAX
    if not reason or not is_short or not rules.is_readable(reason):
        raise VerificationReasonWrong
    return reason


def _account_of(verification_id: int) -> int:
    found = Verification.objects.filter(id=verification_id).values_list("account_id", flat=True)
    account_id = found.first()
    if account_id is None:
        raise VerificationNotFound
    return account_id
