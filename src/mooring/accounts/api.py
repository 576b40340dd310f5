"""The door of accounts."""

# Actions
from mooring.accounts.actions.choose_display_currency import (
    DISPLAY_CURRENCIES,
    choose_display_currency,
)
from mooring.accounts.actions.open_account import open_account, open_account_of, sign_up

# Refusals
from mooring.accounts.errors import AccountNotOpen, CurrencyNotOffered, EmailTaken

# What pages need
from mooring.accounts.mailbox import MAILBOX_KEY

# Locks
from mooring.accounts.locks import lock_open

# Queries
from mooring.accounts.queries import Profile, find_account_id, find_profile

__all__ = [
    "DISPLAY_CURRENCIES",
    "AccountNotOpen",
    "CurrencyNotOffered",
    "EmailTaken",
    "MAILBOX_KEY",
    "Profile",
    "choose_display_currency",
    "find_account_id",
    "find_profile",
    "lock_open",
    "open_account",
    "open_account_of",
    "sign_up",
]
