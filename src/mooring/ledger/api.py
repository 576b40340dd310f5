"""The door of the book."""

# Actions
# Types
from mooring.ledger.accounts import AccountName, open_accounts
from mooring.ledger.chart import Code

# Refusals and faults
from mooring.ledger.errors import (
    AccountClosed,
    InsufficientFunds,
    KeyReused,
    MalformedJournal,
    UnbalancedJournal,
    UnknownAccount,
    WrongAsset,
)
from mooring.ledger.posting import Journal, Line, Posted, post, reverse

# Queries
from mooring.ledger.queries import (
    Balance,
    StatementFilter,
    StatementLine,
    balance_at,
    balances,
    balances_then,
    last_journal_id,
    platform_balance,
    statement,
)

__all__ = [
    "AccountClosed",
    "AccountName",
    "Balance",
    "Code",
    "InsufficientFunds",
    "Journal",
    "KeyReused",
    "Line",
    "MalformedJournal",
    "Posted",
    "StatementFilter",
    "StatementLine",
    "UnbalancedJournal",
    "UnknownAccount",
    "WrongAsset",
    "balance_at",
    "balances",
    "balances_then",
    "last_journal_id",
    "open_accounts",
    "platform_balance",
    "post",
    "reverse",
    "statement",
]
