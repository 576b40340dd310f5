"""The door of accounts."""

# Actions
# Factors
# The entrance
from mooring.accounts.actions.accept_reset import Accepted as AcceptedReset
from mooring.accounts.actions.add_passkey import add_passkey
from mooring.accounts.actions.add_totp import add_totp
from mooring.accounts.actions.approve_recovery import approve_recovery
from mooring.accounts.actions.authenticate_key import KeyHolder, authenticate_key
from mooring.accounts.actions.cancel_recovery import cancel_recovery, cancel_recovery_by_link
from mooring.accounts.actions.change_contact import change_contact, remove_contact
from mooring.accounts.actions.change_mail_settings import (
    change_anti_phishing_code,
    change_language,
    check_anti_phishing_code,
)
from mooring.accounts.actions.change_password import change_password
from mooring.accounts.actions.choose_display_currency import (
    DISPLAY_CURRENCIES,
    choose_display_currency,
)
from mooring.accounts.actions.complete_recovery import complete_recovery, reopen_account

# Contacts
from mooring.accounts.actions.confirm_new_contact import find_contact_code
from mooring.accounts.actions.confirm_totp import confirm_totp
from mooring.accounts.actions.create_api_key import CREATE_API_KEY, create_api_key, issue_api_key
from mooring.accounts.actions.decide_verification import Decision, decide_verification
from mooring.accounts.actions.disable_account import disable_account
from mooring.accounts.actions.end_session import end_session, log_out

# Verification
from mooring.accounts.actions.end_staff import end_staff
from mooring.accounts.actions.log_in import log_in
from mooring.accounts.actions.look_at_case import CaseView, DocumentView, look_at_case
from mooring.accounts.actions.look_at_document import DocumentContent, look_at_document
from mooring.accounts.actions.make_recovery_codes import make_recovery_codes
from mooring.accounts.actions.make_staff import make_staff
from mooring.accounts.actions.open_account import open_account, open_account_of
from mooring.accounts.actions.prove_step_up import ProofVerdict
from mooring.accounts.actions.remove_factor import remove_factor
from mooring.accounts.actions.rename_passkey import rename_passkey
from mooring.accounts.actions.renew_staff_app import renew_staff_app
from mooring.accounts.actions.request_recovery import request_recovery
from mooring.accounts.actions.reset_password import ResetVerdict
from mooring.accounts.actions.revoke_api_key import revoke_api_key
from mooring.accounts.actions.revoke_device import end_other_sessions, revoke_device, revoke_session
from mooring.accounts.actions.rotate_session import rotate_session
from mooring.accounts.actions.set_compliance_flag import set_compliance_flag
from mooring.accounts.actions.sign_up import SignedUp
from mooring.accounts.actions.submit_verification import VerificationForm, submit_verification
from mooring.accounts.actions.switch_code_factor import switch_code_factor
from mooring.accounts.activity import EventView, list_events

# Keys of programs
from mooring.accounts.api_keys import ApiKeyView, NewApiKey, find_api_key, list_api_keys

# Browsers
from mooring.accounts.browsers import (
    client_ip,
    device_tokens,
    hand_out,
    origin_of,
    write_cookie,
)
from mooring.accounts.codes import CodeVerdict, CodeView
from mooring.accounts.codes import Purpose as CodePurpose

# Devices
from mooring.accounts.device_stage import KEY as DEVICE_STAGE
from mooring.accounts.device_stage import DeviceStage
from mooring.accounts.devices import (
    DeviceView,
    SessionView,
    find_device_id,
    find_device_id_of,
    list_devices,
    list_sessions,
)

# The link that disables
from mooring.accounts.disabling import disable_token, may_be_disabled, read_disable_token
from mooring.accounts.entering import go_on
from mooring.accounts.entrance_errors import EntranceBusy, IdentifierMalformed, MessagesUsedUp

# Refusals
from mooring.accounts.errors import (
    AccountNotOpen,
    AntiPhishingCodeMalformed,
    ContactTaken,
    CurrencyNotOffered,
    DeviceNotFound,
    EmailTaken,
    LastContact,
    PasswordUnchanged,
    SessionNotFound,
    SessionOver,
    StepUpNotFound,
    StepUpNotProven,
)

# Security
from mooring.accounts.events import Kind
from mooring.accounts.factor_errors import (
    FactorExists,
    FactorNotFound,
    NoContact,
    StrongerProofNeeded,
    StrongFactorMissing,
    TooManyPasskeys,
)
from mooring.accounts.factor_stage import KEY as FACTOR_STAGE
from mooring.accounts.factor_stage import FactorStage
from mooring.accounts.factors import (
    CHANNELS,
    STRONG,
    CodeProof,
    Factor,
    FactorProof,
    FactorVerdict,
    FactorView,
    PasskeyProof,
    RecoveryCodeProof,
    TotpProof,
    list_factors,
    usable_factors,
)
from mooring.accounts.factors import contact_of as find_contact

# Holds
from mooring.accounts.holds import Cause as HoldCause
from mooring.accounts.holds import HoldView, hold_hours, list_holds, withdrawals_held_until
from mooring.accounts.identifiers import Identifier, read_email, read_identifier, read_phone

# Refusals about keys
from mooring.accounts.key_errors import (
    ApiKeyNotFound,
    ApiKeyRefused,
    KeyOrderWrong,
    SignatureWrong,
    TooManyApiKeys,
)

# Locks
from mooring.accounts.locks import lock_not_closed, lock_open

# Messages
from mooring.accounts.messenger import Message
from mooring.accounts.messenger import register as register_writer
from mooring.accounts.models import Channel
from mooring.accounts.new_password import prepare_password

# Types
from mooring.accounts.origin import Origin
from mooring.accounts.passkeys import Challenge as PasskeyChallenge
from mooring.accounts.passkeys import Registration as PasskeyRegistration
from mooring.accounts.passkeys import begin_check as begin_passkey_check
from mooring.accounts.passkeys import begin_registration as begin_passkey_registration
from mooring.accounts.passkeys import check_registration as check_passkey_registration
from mooring.accounts.places import LOCAL as LOCAL_PLACE

# Places
from mooring.accounts.places import place_of
from mooring.accounts.policies import DISABLE_LINK_DAYS

# Queries
from mooring.accounts.queries import Profile, find_account_id, find_profile
from mooring.accounts.recipients import Recipient, find_recipients

# Recovery
from mooring.accounts.recovery import Kind as RecoveryKind
from mooring.accounts.recovery import (
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
from mooring.accounts.recovery_errors import (
    RecoveryNotApproved,
    RecoveryNotFound,
    RecoveryNotNeeded,
    RecoveryNotProven,
    RecoveryNotReady,
)
from mooring.accounts.recovery_proofs import ask as ask_for_recovery
from mooring.accounts.recovery_proofs import follow_link as follow_recovery_link
from mooring.accounts.recovery_proofs import give_code as give_recovery_code
from mooring.accounts.recovery_proofs import give_password as give_recovery_password
from mooring.accounts.recovery_proofs import new_password_hash as recovery_password_hash
from mooring.accounts.resets import (
    ResetView,
    ask_reset,
    find_reset,
    find_reset_code,
    finish_reset,
    try_reset_code,
    use_reset_link,
)
from mooring.accounts.resets import ask_passkey as ask_reset_passkey
from mooring.accounts.resets import send_factor_code as send_reset_factor_code

# What keys are made of
from mooring.accounts.rules.api_keys import KeyOrder, Right, read_order, rights_text

# Step-up
from mooring.accounts.rules.step_up import Requirement
from mooring.accounts.rules.verification import COUNTRIES, REASON_LENGTH_MAX, Flaw
from mooring.accounts.rules.verification import LEVELS as VERIFICATION_LEVELS

# Sessions
from mooring.accounts.sessions import End as SessionEnd
from mooring.accounts.sessions import Limits as SessionLimits
from mooring.accounts.sessions import OpenSession, find_session
from mooring.accounts.sessions import end_due as find_end_due
from mooring.accounts.sessions import find_end as find_session_end
from mooring.accounts.sessions import limits as session_limits
from mooring.accounts.sessions import touch as touch_session
from mooring.accounts.signing_up import (
    begin_sign_up,
    check_password_for,
    find_sign_up,
    finish_sign_up,
    resend_sign_up,
)
from mooring.accounts.staff import StaffApp
from mooring.accounts.step_up import StepUpView
from mooring.accounts.step_up import begin as begin_step_up
from mooring.accounts.step_up import declare as declare_step_up
from mooring.accounts.step_up import sealed as seal_for_step_up
from mooring.accounts.step_up import spend as spend_step_up
from mooring.accounts.step_up import view as view_step_up
from mooring.accounts.step_up_proofs import ask_new_contact, try_contact_code
from mooring.accounts.step_up_proofs import prove as prove_step_up
from mooring.accounts.step_up_proofs import send_code as send_step_up_code
from mooring.accounts.totp import Enrolment as TotpEnrolment
from mooring.accounts.totp import begin_enrolment as begin_totp
from mooring.accounts.totp import shown as show_totp
from mooring.accounts.user_agents import device_name
from mooring.accounts.verification_errors import (
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
from mooring.accounts.verification_port import approve_oneself
from mooring.accounts.verification_queries import (
    CaseSummary,
    VerificationStatus,
    find_pending_case,
    find_picture_limits,
    find_verification_status,
    list_decided_cases,
    list_pending_cases,
)

__all__ = [
    "CHANNELS",
    "COUNTRIES",
    "CREATE_API_KEY",
    "DEVICE_STAGE",
    "DISABLE_LINK_DAYS",
    "DISPLAY_CURRENCIES",
    "FACTOR_STAGE",
    "LOCAL_PLACE",
    "REASON_LENGTH_MAX",
    "STRONG",
    "VERIFICATION_LEVELS",
    "AcceptedReset",
    "AccountNotOpen",
    "AntiPhishingCodeMalformed",
    "ApiKeyNotFound",
    "ApiKeyRefused",
    "ApiKeyView",
    "CaseSummary",
    "CaseView",
    "Channel",
    "CodeProof",
    "CodePurpose",
    "CodeVerdict",
    "CodeView",
    "ComplianceFlagUnchanged",
    "ContactTaken",
    "CurrencyNotOffered",
    "Decision",
    "DeviceNotFound",
    "DeviceStage",
    "DeviceView",
    "DocumentContent",
    "DocumentView",
    "DocumentViewsUsedUp",
    "EmailTaken",
    "EntranceBusy",
    "EventView",
    "Factor",
    "FactorExists",
    "FactorNotFound",
    "FactorProof",
    "FactorStage",
    "FactorVerdict",
    "FactorView",
    "Flaw",
    "HoldCause",
    "HoldView",
    "Identifier",
    "IdentifierMalformed",
    "KeyHolder",
    "KeyOrder",
    "KeyOrderWrong",
    "Kind",
    "LastContact",
    "Message",
    "MessagesUsedUp",
    "NewApiKey",
    "NoContact",
    "NotAReviewer",
    "OpenSession",
    "Origin",
    "PasskeyChallenge",
    "PasskeyProof",
    "PasskeyRegistration",
    "PasswordUnchanged",
    "Profile",
    "ProofVerdict",
    "Recipient",
    "RecoveryCodeProof",
    "RecoveryKind",
    "RecoveryNotApproved",
    "RecoveryNotFound",
    "RecoveryNotNeeded",
    "RecoveryNotProven",
    "RecoveryNotReady",
    "RecoveryProof",
    "RecoveryState",
    "RecoveryView",
    "Requirement",
    "ResetVerdict",
    "ResetView",
    "Right",
    "SessionEnd",
    "SessionLimits",
    "SessionNotFound",
    "SessionOver",
    "SessionView",
    "SignatureWrong",
    "SignedUp",
    "StaffApp",
    "StaffNotFound",
    "StepUpNotFound",
    "StepUpNotProven",
    "StepUpView",
    "StrongFactorMissing",
    "StrongerProofNeeded",
    "TooManyApiKeys",
    "TooManyPasskeys",
    "TotpEnrolment",
    "TotpProof",
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
    "add_passkey",
    "add_totp",
    "approve_oneself",
    "approve_recovery",
    "ask_for_recovery",
    "ask_new_contact",
    "ask_reset",
    "ask_reset_passkey",
    "authenticate_key",
    "begin_passkey_check",
    "begin_passkey_registration",
    "begin_sign_up",
    "begin_step_up",
    "begin_totp",
    "cancel_recovery",
    "cancel_recovery_by_link",
    "change_anti_phishing_code",
    "change_contact",
    "change_language",
    "change_password",
    "check_anti_phishing_code",
    "check_passkey_registration",
    "check_password_for",
    "choose_display_currency",
    "client_ip",
    "complete_recovery",
    "confirm_totp",
    "create_api_key",
    "decide_verification",
    "declare_step_up",
    "device_name",
    "device_tokens",
    "disable_account",
    "disable_token",
    "end_other_sessions",
    "end_session",
    "end_staff",
    "find_account_id",
    "find_api_key",
    "find_contact",
    "find_contact_code",
    "find_device_id",
    "find_device_id_of",
    "find_end_due",
    "find_open_recovery",
    "find_pending_case",
    "find_picture_limits",
    "find_profile",
    "find_recipients",
    "find_recovery_by_token",
    "find_recovery_state",
    "find_reset",
    "find_reset_code",
    "find_reviewer_id",
    "find_session",
    "find_session_end",
    "find_sign_up",
    "find_verification_status",
    "finish_reset",
    "finish_sign_up",
    "follow_recovery_link",
    "give_recovery_code",
    "give_recovery_password",
    "go_on",
    "hand_out",
    "hold_hours",
    "issue_api_key",
    "list_api_keys",
    "list_decided_cases",
    "list_devices",
    "list_events",
    "list_factors",
    "list_holds",
    "list_pending_cases",
    "list_recoveries",
    "list_sessions",
    "lock_not_closed",
    "lock_open",
    "log_in",
    "log_out",
    "look_at_case",
    "look_at_document",
    "make_recovery_codes",
    "make_staff",
    "may_be_disabled",
    "open_account",
    "open_account_of",
    "origin_of",
    "place_of",
    "prepare_password",
    "prove_step_up",
    "read_disable_token",
    "read_email",
    "read_identifier",
    "read_order",
    "read_phone",
    "recovery_hours",
    "recovery_password_hash",
    "register_writer",
    "remove_contact",
    "remove_factor",
    "rename_passkey",
    "renew_staff_app",
    "reopen_account",
    "request_recovery",
    "resend_sign_up",
    "revoke_api_key",
    "revoke_device",
    "revoke_session",
    "rights_text",
    "rotate_session",
    "seal_for_step_up",
    "send_reset_factor_code",
    "send_step_up_code",
    "session_limits",
    "set_compliance_flag",
    "show_totp",
    "spend_step_up",
    "submit_verification",
    "switch_code_factor",
    "touch_session",
    "try_contact_code",
    "try_reset_code",
    "usable_factors",
    "use_reset_link",
    "view_step_up",
    "withdrawals_held_until",
    "write_cookie",
]
