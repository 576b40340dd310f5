"""The door of accounts to verification."""

from mooring.accounts.actions.decide_verification import Decision, decide_verification
from mooring.accounts.actions.end_staff import end_staff
from mooring.accounts.actions.look_at_case import CaseView, DocumentView, look_at_case
from mooring.accounts.actions.look_at_document import DocumentContent, look_at_document
from mooring.accounts.actions.make_staff import make_staff
from mooring.accounts.actions.renew_staff_app import renew_staff_app
from mooring.accounts.actions.set_compliance_flag import set_compliance_flag
from mooring.accounts.actions.submit_verification import VerificationForm, submit_verification
from mooring.accounts.rules.verification import COUNTRIES, Flaw
from mooring.accounts.rules.verification import LEVELS as VERIFICATION_LEVELS
from mooring.accounts.verification.errors import (
    ComplianceFlagUnchanged,
    DocumentViewsUsedUp,
    NotAReviewer,
    StaffNotFound,
    VerificationDecided,
    VerificationFormFlawed,
    VerificationIsOnesOwn,
    VerificationLevelAhead,
    VerificationLevelTaken,
    VerificationNotByOneself,
    VerificationNotFound,
    VerificationPending,
    VerificationReasonWrong,
    VerificationTooOften,
)
from mooring.accounts.verification.port import approve_oneself
from mooring.accounts.verification.queries import (
    CaseSummary,
    VerificationStatus,
    find_pending_case,
    find_picture_limits,
    find_verification_status,
    list_decided_cases,
    list_pending_cases,
)
from mooring.accounts.verification.staff import StaffApp

__all__ = [
    "COUNTRIES",
    "VERIFICATION_LEVELS",
    "CaseSummary",
    "CaseView",
    "ComplianceFlagUnchanged",
    "Decision",
    "DocumentContent",
    "DocumentView",
    "DocumentViewsUsedUp",
    "Flaw",
    "NotAReviewer",
    "StaffApp",
    "StaffNotFound",
    "VerificationDecided",
    "VerificationForm",
    "VerificationFormFlawed",
    "VerificationIsOnesOwn",
    "VerificationLevelAhead",
    "VerificationLevelTaken",
    "VerificationNotByOneself",
    "VerificationNotFound",
    "VerificationPending",
    "VerificationReasonWrong",
    "VerificationStatus",
    "VerificationTooOften",
    "approve_oneself",
    "decide_verification",
    "end_staff",
    "find_pending_case",
    "find_picture_limits",
    "find_verification_status",
    "list_decided_cases",
    "list_pending_cases",
    "look_at_case",
    "look_at_document",
    "make_staff",
    "renew_staff_app",
    "set_compliance_flag",
    "submit_verification",
]
