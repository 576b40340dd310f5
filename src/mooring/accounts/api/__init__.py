"""The door of accounts: what everybody needs, and a door per subject."""

from mooring.accounts.actions.choose_display_currency import (
    DISPLAY_CURRENCIES,
    choose_display_currency,
)
from mooring.accounts.actions.open_account import open_account, open_account_of
from mooring.accounts.api import entrance, keys, presence, proofs, protection, verification
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
from mooring.accounts.events import BY_STRANGERS, Kind
from mooring.accounts.locks import lock_not_closed, lock_open
from mooring.accounts.messenger import Message, tell
from mooring.accounts.messenger import register as register_writer
from mooring.accounts.models import Channel
from mooring.accounts.origin import Origin
from mooring.accounts.policies import DISABLE_LINK_DAYS
from mooring.accounts.queries import (
    Profile,
    find_account_id,
    find_countries,
    find_open,
    find_owners,
    find_profile,
    find_user_id,
)
from mooring.accounts.recipients import Recipient, find_recipients

__all__ = [
    "BY_STRANGERS",
    "DISABLE_LINK_DAYS",
    "DISPLAY_CURRENCIES",
    "AccountNotOpen",
    "AntiPhishingCodeMalformed",
    "Channel",
    "ContactTaken",
    "CurrencyNotOffered",
    "DeviceNotFound",
    "EmailTaken",
    "Kind",
    "LastContact",
    "Message",
    "Origin",
    "PasswordUnchanged",
    "Profile",
    "Recipient",
    "SessionNotFound",
    "SessionOver",
    "StepUpNotFound",
    "StepUpNotProven",
    "choose_display_currency",
    "entrance",
    "find_account_id",
    "find_countries",
    "find_open",
    "find_owners",
    "find_profile",
    "find_recipients",
    "find_user_id",
    "keys",
    "lock_not_closed",
    "lock_open",
    "open_account",
    "open_account_of",
    "presence",
    "proofs",
    "protection",
    "register_writer",
    "tell",
    "verification",
]
