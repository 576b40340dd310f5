"""The door of the wallet."""

# Actions
from mooring.wallet.actions.credit import Credit, Credited, credit, credit_one

# Refusals
from mooring.wallet.errors import AmountNotPositive, KeyMalformed, TooManyDecimals

# Queries
from mooring.wallet.queries import AssetBalances, balances

__all__ = [
    "AmountNotPositive",
    "AssetBalances",
    "Credit",
    "Credited",
    "KeyMalformed",
    "TooManyDecimals",
    "balances",
    "credit",
    "credit_one",
]
