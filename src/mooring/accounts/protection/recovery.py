"""
The way back into an account whose second factor is lost, or that is disabled.

What opens the door is never one thing: the mailbox, the password (or, of a disabled account, a
reviewer who knows the person), and a time of waiting in which the owner is told everywhere and
can object with one click. What was shown so far is a `RecoveryProof`, kept in the browser's
session for a quarter of an hour. Recoveries themselves live in platform time.
"""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final, Self

from django.utils.crypto import salted_hmac

from mooring.accounts import policies as accounts_policies
from mooring.accounts.models import Account, Recovery, User
from mooring.accounts.proofs.factors import list_factors
from mooring.accounts.protection.recovery_errors import RecoveryNotFound, RecoveryNotProven
from mooring.kernel import db
from mooring.policies import api as policies

Kind = Recovery.Kind

#: How long the mailbox and the password count as shown. Wall time.
PROOF_LIFETIME: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryProof:
    """
    What somebody has shown so far.

    Args:
        shown: the address or number whose messages were read; of an older one nothing follows.
        proven_at: when that was, ISO 8601, of the wall.
        password_mark: a digest of the password's hash, where the password was right; another
            password since then makes it worthless.
    """

    user_id: int
    shown: str
    proven_at: str
    password_mark: str = ""

    def facts(self) -> dict[str, Any]:
        """Return the proof as a session keeps it."""
        return asdict(self)

    @classmethod
    def read(cls, facts: object) -> Self | None:
        """Return the proof that a session keeps; None if there is none."""
        names = {field.name for field in fields(cls)}
        return cls(**facts) if isinstance(facts, dict) and facts.keys() == names else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryState:
    """
    Where a person stands in their recovery.

    Args:
        kind: what it is about: the account is open (`LOST_FACTOR`) or disabled.
        has_password: the password was shown; a disabled account is not asked for it.
        is_needed: False where an open account has no second factor at all.
        ready_at: when the open recovery can be completed; None where none is open.
        has_waited: that time has come.
        is_ready: so it has, and what needs approval has it.
    """

    kind: Kind
    has_password: bool
    is_needed: bool
    requested_at: datetime | None
    ready_at: datetime | None
    is_approved: bool
    has_waited: bool
    is_ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryView:
    """
    An open recovery, for its owner and for reviewers.

    Args:
        approved_by: the reviewer's address; empty: not approved.
        approval_reason: how the reviewer knew the person; empty where none was needed.
    """

    id: int
    account_id: int
    user_id: int
    kind: Kind
    email: str
    phone: str
    verification_level: int
    requested_at: datetime
    ready_at: datetime
    approved_at: datetime | None
    approved_by: str
    approval_reason: str


def find_recovery_state(proof: RecoveryProof, *, wall: datetime, at: datetime) -> RecoveryState:
    """
    Return where the person of a proof stands.

    Raises:
        RecoveryNotProven: the proof is too old, or the account is closed.
    """
    account = Account.objects.select_related("user").filter(user_id=proof.user_id).first()
    if account is None or account.user is None or not is_fresh(proof, wall=wall):
        raise RecoveryNotProven
    if account.status == Account.Status.CLOSED or not is_theirs(proof, account.user):
        raise RecoveryNotProven
    kind = kind_for(account)
    row = open_rows().filter(account_id=account.pk, kind=kind).first()
    is_approved = row is not None and row.approved_at is not None
    has_waited = row is not None and at >= row.ready_at
    return RecoveryState(
        kind=kind,
        has_password=is_password_shown(proof, account.user),
        is_needed=kind is Kind.DISABLED or bool(list_factors(proof.user_id)),
        requested_at=row.requested_at if row else None,
        ready_at=row.ready_at if row else None,
        is_approved=is_approved,
        has_waited=has_waited,
        is_ready=has_waited and (is_approved or kind is Kind.LOST_FACTOR),
    )


def list_recoveries(*, kind: Kind | None = None) -> tuple[RecoveryView, ...]:
    """Return the open recoveries, of one kind or all, the longest waiting first."""
    rows = open_rows().order_by("requested_at", "id").select_related("account__user", "approved_by")
    return tuple(view_of(row) for row in (rows.filter(kind=kind) if kind else rows))


def find_open_recovery(*, account_id: int) -> RecoveryView | None:
    """Return the open recovery of an account; None if there is none."""
    rows = open_rows().filter(account_id=account_id)
    row = rows.select_related("account__user", "approved_by").first()
    return view_of(row) if row is not None else None


def find_recovery_by_token(token: str) -> RecoveryView:
    """
    Return the open recovery that a link cancels.

    Raises:
        RecoveryNotFound: no link of ours, or nothing to cancel any more.
    """
    rows = open_rows().filter(cancel_digest=cancel_digest(token))
    row = rows.select_related("account__user", "approved_by").first()
    if row is None:
        raise RecoveryNotFound
    return view_of(row)


def find_reviewer_id(*, email: str) -> int | None:
    """Return the log-in of a reviewer; None if nobody reviews under this address."""
    reviewers = User.objects.filter(email=email, is_staff=True, is_active=True)
    return reviewers.values_list("id", flat=True).first()


def recovery_hours(*, at: datetime) -> int:
    """Return how long a recovery that is asked for at `at` waits, in hours."""
    return policies.in_force(at=at)[accounts_policies.RECOVERY_DELAY_HOURS]


def open_rows() -> Any:
    """Return the recoveries that are neither cancelled nor completed."""
    return Recovery.objects.filter(cancelled_at__isnull=True, completed_at__isnull=True)


def view_of(row: Recovery) -> RecoveryView:
    """Return a recovery as it is shown."""
    user = row.account.user
    return RecoveryView(
        id=row.pk,
        account_id=row.account_id,
        user_id=user.pk if user else 0,
        kind=Kind(row.kind),
        email=(user.email if user else "") or "",
        phone=(user.phone if user else "") or "",
        verification_level=row.account.verification_level,
        requested_at=row.requested_at,
        ready_at=row.ready_at,
        approved_at=row.approved_at,
        approved_by=(row.approved_by.email if row.approved_by else "") or "",
        approval_reason=row.approval_reason,
    )


@db.transaction_required
def lock_proven(proof: RecoveryProof, *, wall: datetime) -> tuple[Account, User]:
    """
    Lock the account and the log-in of a proof, and return both.

    Of an open account the password must have been shown too.

    Raises:
        RecoveryNotProven: something is missing, too old, or was changed since.
    """
    account = (
        Account.objects.select_for_update(of=("self",), no_key=True)
        .filter(user_id=proof.user_id)
        .exclude(status=Account.Status.CLOSED)
        .first()
    )
    user = User.objects.select_for_update(no_key=True).filter(id=proof.user_id).first()
    if account is None or user is None or not is_fresh(proof, wall=wall):
        raise RecoveryNotProven
    if not is_theirs(proof, user):
        raise RecoveryNotProven
    if account.status == Account.Status.OPEN and not is_password_shown(proof, user):
        raise RecoveryNotProven
    return account, user


@db.transaction_required
def lock_open_recovery(account: Account) -> Recovery:
    """
    Lock the open recovery that fits the state of a locked account.

    Raises:
        RecoveryNotFound: there is none.
    """
    row: Recovery | None = (
        open_rows()
        .select_for_update(of=("self",), no_key=True)
        .filter(account_id=account.pk, kind=kind_for(account))
        .first()
    )
    if row is None:
        raise RecoveryNotFound
    return row


def kind_for(account: Account) -> Kind:
    """Return which recovery an account needs."""
    return Kind.DISABLED if account.status == Account.Status.DISABLED else Kind.LOST_FACTOR


def is_fresh(proof: RecoveryProof, *, wall: datetime) -> bool:
    """Return whether a proof still counts."""
    age = wall - datetime.fromisoformat(proof.proven_at)
    return timedelta(0) <= age < PROOF_LIFETIME


def is_theirs(proof: RecoveryProof, user: User) -> bool:
    """Return whether what was shown is still an address or number of the person's."""
    return bool(proof.shown) and proof.shown in {user.email, user.phone}


def is_password_shown(proof: RecoveryProof, user: User) -> bool:
    """Return whether the password that a person has now was shown."""
    return bool(proof.password_mark) and proof.password_mark == password_mark(user.password)


def password_mark(password: str) -> str:
    """Return what a proof keeps of a password's hash."""
    return salted_hmac(
        "mooring.accounts.recovery_password", password, algorithm="sha256"
    ).hexdigest()


def cancel_digest(token: str) -> str:
    """Return what is kept of the token in the link that cancels."""
    return salted_hmac("mooring.accounts.recovery_cancel", token, algorithm="sha256").hexdigest()
