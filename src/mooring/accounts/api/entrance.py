"""The door of accounts to entrance."""

from mooring.accounts.actions.accept_reset import Accepted as AcceptedReset
from mooring.accounts.actions.change_password import change_password
from mooring.accounts.actions.log_in import log_in
from mooring.accounts.actions.reset_password import ResetVerdict
from mooring.accounts.actions.sign_up import SignedUp
from mooring.accounts.entrance.entering import go_on
from mooring.accounts.entrance.errors import (
    EntranceBusy,
    IdentifierMalformed,
    MessagesUsedUp,
    PasswordsUsedUp,
)
from mooring.accounts.entrance.identifiers import (
    Identifier,
    read_email,
    read_identifier,
)
from mooring.accounts.entrance.new_password import prepare_password
from mooring.accounts.entrance.resets import (
    ResetView,
    ask_reset,
    find_reset,
    find_reset_code,
    finish_reset,
    try_reset_code,
    use_reset_link,
)
from mooring.accounts.entrance.resets import ask_passkey as ask_reset_passkey
from mooring.accounts.entrance.resets import send_factor_code as send_reset_factor_code
from mooring.accounts.entrance.signing_up import (
    begin_sign_up,
    check_password_for,
    find_sign_up,
    finish_sign_up,
    resend_sign_up,
)

__all__ = [
    "AcceptedReset",
    "EntranceBusy",
    "Identifier",
    "IdentifierMalformed",
    "MessagesUsedUp",
    "PasswordsUsedUp",
    "ResetVerdict",
    "ResetView",
    "SignedUp",
    "ask_reset",
    "ask_reset_passkey",
    "begin_sign_up",
    "change_password",
    "check_password_for",
    "find_reset",
    "find_reset_code",
    "find_sign_up",
    "finish_reset",
    "finish_sign_up",
    "go_on",
    "log_in",
    "prepare_password",
    "read_email",
    "read_identifier",
    "resend_sign_up",
    "send_reset_factor_code",
    "try_reset_code",
    "use_reset_link",
]
