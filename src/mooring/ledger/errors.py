"""
What the book declines, and what it takes for a broken promise.

    Refusal
    ├── InsufficientFunds   a customer's account would fall below zero
    ├── AccountClosed       a closed account would move
    └── KeyReused           a key is in the book with another request
    Fault
    ├── UnbalancedJournal   an asset does not sum to zero within a journal
    ├── UnknownAccount      a line names an account that is not in the book
    ├── WrongAsset          a line is in another asset than its account
    └── MalformedJournal    no lines, nothing moved, an account or a key twice
"""

from mooring.kernel.errors import Fault, Refusal


class InsufficientFunds(Refusal):
    """An account of a customer would fall below zero."""

    code = "insufficient_funds"

    def __init__(self, message: str = "The balance does not cover this amount.") -> None:
        super().__init__(message)


class AccountClosed(Refusal):
    """A closed account of the book would move."""

    code = "ledger_account_closed"

    def __init__(self, message: str = "This account of the book is closed.") -> None:
        super().__init__(message)


class KeyReused(Refusal):
    """The key was used before, for another request."""

    code = "key_reused"

    def __init__(self, message: str = "This key was used before, for another request.") -> None:
        super().__init__(message)


class UnbalancedJournal(Fault):
    """An asset does not sum to zero within a journal."""


class UnknownAccount(Fault):
    """A line names an account that is not in the book."""


class WrongAsset(Fault):
    """A line is in another asset than its account is kept in."""


class MalformedJournal(Fault):
    """A journal without lines, a line that moves nothing, an account or a key twice."""
