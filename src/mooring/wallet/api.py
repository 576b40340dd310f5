"""The door of the wallet."""

# Actions
from mooring.wallet.actions.credit import Credit, Credited, credit, credit_one
from mooring.wallet.actions.transfer import Transfer, Transferred, transfer, transfer_one

# Refusals
from mooring.wallet.errors import AmountNotPositive, KeyMalformed, SameWallet, TooManyDecimals

# Types
from mooring.wallet.facts import Wallet

# Queries
from mooring.wallet.queries import AssetBalances, TransferRecord, balances, transfers

__all__ = [
    "AmountNotPositive",
    "AssetBalances",
    "Credit",
    "Credited",
    "KeyMalformed",
    "SameWallet",
    "TooManyDecimals",
    "Transfer",
    "TransferRecord",
    "Transferred",
    "Wallet",
    "balances",
    "credit",
    "credit_one",
    "transfer",
    "transfer_one",
    "transfers",
]
