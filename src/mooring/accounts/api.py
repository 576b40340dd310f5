"""The door of accounts."""

# Actions
from mooring.accounts.actions.choose_display_currency import (
    DISPLAY_CURRENCIES,
    choose_display_currency,
)
from mooring.accounts.actions.open_account import open_account, open_account_of, sign_up

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

# Types
from mooring.accounts.origin import Origin

# Queries
from mooring.accounts.queries import Profile, find_account_id, find_profile

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
    "choose_display_currency",
    "find_account_id",
    "find_profile",
    "lock_not_closed",
    "lock_open",
    "open_account",
    "open_account_of",
    "sign_up",
]
