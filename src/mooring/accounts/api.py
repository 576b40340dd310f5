"""The door of accounts."""

# Actions
from mooring.accounts.actions.authenticate_key import KeyHolder, authenticate_key
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
from mooring.accounts.actions.create_api_key import CREATE_API_KEY, create_api_key, issue_api_key

# Verification
from mooring.accounts.actions.decide_verification import Decision, decide_verification
from mooring.accounts.actions.disable_account import disable_account
from mooring.accounts.actions.end_session import end_session, log_out
from mooring.accounts.actions.log_in import log_in
from mooring.accounts.actions.look_at_case import CaseView, DocumentView, look_at_case
from mooring.accounts.actions.look_at_document import DocumentContent, look_at_document
from mooring.accounts.actions.open_account import open_account, open_account_of, sign_up
from mooring.accounts.actions.prove_step_up import ProofVerdict
from mooring.accounts.actions.revoke_api_key import revoke_api_key
from mooring.accounts.actions.rotate_session import rotate_session
from mooring.accounts.actions.send_step_up_code import send_step_up_code
from mooring.accounts.actions.set_compliance_flag import set_compliance_flag
from mooring.accounts.actions.submit_verification import VerificationForm, submit_verification

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

# Devices
from mooring.accounts.devices import find_device_id, find_device_id_of

# The link that disables
from mooring.accounts.disabling import disable_token, read_disable_token

# Refusals
from mooring.accounts.errors import (
    AccountNotOpen,
    AntiPhishingCodeMalformed,
    ContactTaken,
    CurrencyNotOffered,
    EmailTaken,
    LastContact,
    SessionOver,
    StepUpNotFound,
    StepUpNotProven,
)

# Security
from mooring.accounts.events import Kind

# Holds
from mooring.accounts.holds import Cause as HoldCause
from mooring.accounts.holds import HoldView, list_holds, withdrawals_held_until

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

# What pages need
from mooring.accounts.mailbox import MAILBOX_KEY

# Messages
from mooring.accounts.messenger import Message
from mooring.accounts.messenger import register as register_writer

# Types
from mooring.accounts.origin import Origin

# Queries
from mooring.accounts.queries import Profile, find_account_id, find_profile
from mooring.accounts.recipients import Recipient, find_recipients

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
from mooring.accounts.step_up import StepUpView
from mooring.accounts.step_up import begin as begin_step_up
from mooring.accounts.step_up import declare as declare_step_up
from mooring.accounts.step_up import sealed as seal_for_step_up
from mooring.accounts.step_up import spend as spend_step_up
from mooring.accounts.step_up import view as view_step_up
from mooring.accounts.step_up_proofs import prove as prove_step_up
from mooring.accounts.verification_errors import (
    ComplianceFlagUnchanged,
    DocumentViewsUsedUp,
    NotAReviewer,
    VerificationDecided,
    VerificationFormFlawed,
    VerificationIsOnesOwn,
    VerificationLevelAhead,
    VerificationLevelTaken,
    VerificationNotByOneself,
    VerificationNotFound,
    VerificationPending,
    VerificationReasonWrong,
)
from mooring.accounts.verification_port import approve_oneself
from mooring.accounts.verification_queries import (
    CaseSummary,
    VerificationStatus,
    find_pending_case,
    find_verification_status,
    list_decided_cases,
    list_pending_cases,
)

__all__ = [
    "COUNTRIES",
    "CREATE_API_KEY",
    "DISPLAY_CURRENCIES",
    "MAILBOX_KEY",
    "REASON_LENGTH_MAX",
    "VERIFICATION_LEVELS",
    "AccountNotOpen",
    "AntiPhishingCodeMalformed",
    "ApiKeyNotFound",
    "ApiKeyRefused",
    "ApiKeyView",
    "CaseSummary",
    "CaseView",
    "ComplianceFlagUnchanged",
    "ContactTaken",
    "CurrencyNotOffered",
    "Decision",
    "DocumentContent",
    "DocumentView",
    "DocumentViewsUsedUp",
    "EmailTaken",
    "Flaw",
    "HoldCause",
    "HoldView",
    "KeyHolder",
    "KeyOrder",
    "KeyOrderWrong",
    "Kind",
    "LastContact",
    "Message",
    "NewApiKey",
    "NotAReviewer",
    "OpenSession",
    "Origin",
    "Profile",
    "ProofVerdict",
    "Recipient",
    "Requirement",
    "Right",
    "SessionEnd",
    "SessionLimits",
    "SessionOver",
    "SignatureWrong",
    "StepUpNotFound",
    "StepUpNotProven",
    "StepUpView",
    "TooManyApiKeys",
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
    "approve_oneself",
    "authenticate_key",
    "begin_step_up",
    "change_anti_phishing_code",
    "change_contact",
    "change_language",
    "change_password",
    "check_anti_phishing_code",
    "choose_display_currency",
    "client_ip",
    "create_api_key",
    "decide_verification",
    "declare_step_up",
    "device_tokens",
    "disable_account",
    "disable_token",
    "end_session",
    "find_account_id",
    "find_api_key",
    "find_device_id",
    "find_device_id_of",
    "find_end_due",
    "find_pending_case",
    "find_profile",
    "find_recipients",
    "find_session",
    "find_session_end",
    "find_verification_status",
    "hand_out",
    "issue_api_key",
    "list_api_keys",
    "list_decided_cases",
    "list_holds",
    "list_pending_cases",
    "lock_not_closed",
    "lock_open",
    "log_in",
    "log_out",
    "look_at_case",
    "look_at_document",
    "open_account",
    "open_account_of",
    "origin_of",
    "prove_step_up",
    "read_disable_token",
    "read_order",
    "register_writer",
    "remove_contact",
    "revoke_api_key",
    "rights_text",
    "rotate_session",
    "seal_for_step_up",
    "send_step_up_code",
    "session_limits",
    "set_compliance_flag",
    "sign_up",
    "spend_step_up",
    "submit_verification",
    "touch_session",
    "view_step_up",
    "withdrawals_held_until",
    "write_cookie",
]
