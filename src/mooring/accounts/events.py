"""
The record of what happened to a log-in's security, and who is told.

Append-only, in the transaction of its cause. Every kind is shown to its person in
/security/activity; those in `TOLD` are also sent to them, with a link that disables the account.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from mooring.accounts import messenger
from mooring.accounts.models import SecurityEvent
from mooring.accounts.origin import Origin
from mooring.kernel import db


class Kind(StrEnum):
    """Every kind of security event."""

    SIGNED_UP = "signed_up"
    LOGGED_IN = "logged_in"
    LOG_IN_FAILED = "log_in_failed"
    LOGGED_OUT = "logged_out"
    DEVICE_ADDED = "device_added"
    DEVICE_REVOKED = "device_revoked"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of an event
    EMAIL_CHANGED = "email_changed"
    PHONE_CHANGED = "phone_changed"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    CODE_REFUSED = "code_refused"
    STEP_UP_PROVEN = "step_up_proven"
    ANTI_PHISHING_CODE_CHANGED = "anti_phishing_code_changed"
    HOLD_BEGUN = "hold_begun"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    RESET_ASKED = "reset_asked"
    RESET_REFUSED = "reset_refused"
    RECOVERY_ASKED = "recovery_asked"
    RECOVERY_REFUSED = "recovery_refused"
    RECOVERY_REQUESTED = "recovery_requested"
    RECOVERY_CANCELLED = "recovery_cancelled"
    RECOVERY_APPROVED = "recovery_approved"
    RECOVERY_COMPLETED = "recovery_completed"
    API_KEY_CREATED = "api_key_created"
    API_KEY_REVOKED = "api_key_revoked"
    VERIFICATION_SUBMITTED = "verification_submitted"
    VERIFICATION_APPROVED = "verification_approved"
    VERIFICATION_REJECTED = "verification_rejected"
    DOCUMENT_VIEWED = "document_viewed"
    COMPLIANCE_FLAG_CHANGED = "compliance_flag_changed"


#: What is done by who need not be the person: noted first, then written (`noted_tries`).
BY_STRANGERS: Final = frozenset(
    {
        Kind.LOG_IN_FAILED,
        Kind.RESET_ASKED,
        Kind.RESET_REFUSED,
        Kind.RECOVERY_ASKED,
        Kind.RECOVERY_REFUSED,
    }
)
#: What a person is told of, by mail and inbox; each has templates of its name in notices.
TOLD: Final = frozenset(
    {
        Kind.SIGNED_UP,
        Kind.LOGGED_IN,
        Kind.DEVICE_ADDED,
        Kind.PASSWORD_CHANGED,
        Kind.PASSWORD_RESET,
        Kind.EMAIL_CHANGED,
        Kind.PHONE_CHANGED,
        Kind.FACTOR_ADDED,
        Kind.FACTOR_REMOVED,
        Kind.RECOVERY_CODES_MADE,
        Kind.RECOVERY_CODE_USED,
        Kind.ANTI_PHISHING_CODE_CHANGED,
        Kind.ACCOUNT_DISABLED,
        Kind.ACCOUNT_ENABLED,
        Kind.RECOVERY_REQUESTED,
        Kind.RECOVERY_APPROVED,
        Kind.RECOVERY_CANCELLED,
        Kind.RECOVERY_COMPLETED,
        Kind.API_KEY_CREATED,
        Kind.API_KEY_REVOKED,
        Kind.VERIFICATION_APPROVED,
        Kind.VERIFICATION_REJECTED,
    }
)


@db.transaction_required
def record(
    kind: Kind,
    *,
    user_id: int,
    origin: Origin | None,
    at: datetime,
    details: Mapping[str, str] | None = None,
    messages: Sequence[messenger.Message] | None = None,
) -> None:
    """
    Write a security event, and tell its person where the kind is in `TOLD`.

    Args:
        origin: where the request came from; None for what the platform did by itself.
        at: platform time, UTC.
        details: facts as text, shown to the person; never a secret.
        messages: what the person is told instead of the usual, such as with a link of their own.
    """
    facts = dict(details or {})
    SecurityEvent.objects.create(
        user_id=user_id,
        kind=kind,
        details=facts,
        ip=origin.ip if origin else None,
        device_name=origin.device_name if origin else "",
        at=at,
    )
    if kind in TOLD:
        where = {"ip": origin.ip, "device": origin.device_name} if origin else {}
        usual = messenger.Message(kind=kind.value, user_id=user_id, facts={**where, **facts})
        messenger.tell([usual] if messages is None else messages, at=at)
