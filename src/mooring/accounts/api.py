"""The door of accounts."""

# Actions
from mooring.accounts.actions.choose_display_currency import (
    DISPLAY_CURRENCIES,
    choose_display_currency,
)
from mooring.accounts.actions.open_account import open_account, open_account_of, sign_up

# The link that disables
from mooring.accounts.disabling import disable_token

# Refusals
from mooring.accounts.errors import AccountNotOpen, CurrencyNotOffered, EmailTaken

# Security
from mooring.accounts.events import Kind

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

__all__ = [
    "DISPLAY_CURRENCIES",
    "MAILBOX_KEY",
    "AccountNotOpen",
    "CurrencyNotOffered",
    "EmailTaken",
    "Kind",
    "Message",
    "Origin",
    "Profile",
    "Recipient",
    "choose_display_currency",
    "disable_token",
    "find_account_id",
    "find_profile",
    "find_recipients",
    "lock_not_closed",
    "lock_open",
    "open_account",
    "open_account_of",
    "register_writer",
    "sign_up",
]
