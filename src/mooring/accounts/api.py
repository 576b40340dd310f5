"""The door of accounts."""

# Actions
from mooring.accounts.actions.open_account import open_account, open_account_of

# Refusals
from mooring.accounts.errors import AccountNotOpen, EmailTaken

# Locks
from mooring.accounts.locks import lock_open

# Queries
from mooring.accounts.queries import find_account_id

__all__ = [
    "AccountNotOpen",
    "EmailTaken",
    "find_account_id",
    "lock_open",
    "open_account",
    "open_account_of",
]
