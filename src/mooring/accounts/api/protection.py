"""The door of accounts to protection."""

from mooring.accounts.actions.approve_recovery import approve_recovery
from mooring.accounts.actions.cancel_recovery import cancel_recovery, cancel_recovery_by_link
from mooring.accounts.actions.change_contact import change_contact, remove_contact
from mooring.accounts.actions.change_mail_settings import (
    change_anti_phishing_code,
    change_language,
    check_anti_phishing_code,
)
from mooring.accounts.actions.complete_recovery import complete_recovery, reopen_account
from mooring.accounts.actions.disable_account import disable_account
from mooring.accounts.actions.request_recovery import request_recovery
from mooring.accounts.protection.activity import EventView, list_events
from mooring.accounts.protection.disabling import disable_token, may_be_disabled, read_disable_token
from mooring.accounts.protection.holds import Cause as HoldCause
from mooring.accounts.protection.holds import (
    HoldView,
    get_hold,
    hold_hours,
    list_holds,
    withdrawals_held_until,
)
from mooring.accounts.protection.recovery import Kind as RecoveryKind
from mooring.accounts.protection.recovery import (
    RecoveryProof,
    RecoveryState,
    RecoveryView,
    find_open_recovery,
    find_recovery_by_token,
    find_recovery_state,
    find_reviewer_id,
    list_recoveries,
    recovery_hours,
)
from mooring.accounts.protection.recovery_errors import (
    RecoveryNotApproved,
    RecoveryNotFound,
    RecoveryNotNeeded,
    RecoveryNotProven,
    RecoveryNotReady,
    RecoveryReasonWrong,
)
from mooring.accounts.protection.recovery_proofs import ask as ask_for_recovery
from mooring.accounts.protection.recovery_proofs import follow_link as follow_recovery_link
from mooring.accounts.protection.recovery_proofs import give_code as give_recovery_code
from mooring.accounts.protection.recovery_proofs import give_password as give_recovery_password
from mooring.accounts.protection.recovery_proofs import new_password_hash as recovery_password_hash

__all__ = [
    "EventView",
    "HoldCause",
    "HoldView",
    "RecoveryKind",
    "RecoveryNotApproved",
    "RecoveryNotFound",
    "RecoveryNotNeeded",
    "RecoveryNotProven",
    "RecoveryNotReady",
    "RecoveryProof",
    "RecoveryReasonWrong",
    "RecoveryState",
    "RecoveryView",
    "approve_recovery",
    "ask_for_recovery",
    "cancel_recovery",
    "cancel_recovery_by_link",
    "change_anti_phishing_code",
    "change_contact",
    "change_language",
    "check_anti_phishing_code",
    "complete_recovery",
    "disable_account",
    "disable_token",
    "find_open_recovery",
    "find_recovery_by_token",
    "find_recovery_state",
    "find_reviewer_id",
    "follow_recovery_link",
    "get_hold",
    "give_recovery_code",
    "give_recovery_password",
    "hold_hours",
    "list_events",
    "list_holds",
    "list_recoveries",
    "may_be_disabled",
    "read_disable_token",
    "recovery_hours",
    "recovery_password_hash",
    "remove_contact",
    "reopen_account",
    "request_recovery",
    "withdrawals_held_until",
]
