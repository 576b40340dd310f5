"""What moves in the book at the border of the platform, and between wallets: pure."""

from mooring.kernel.money import Amount
from mooring.ledger import api as ledger

#: Journal kind of a sandbox's or an operator's credit.
CREDIT = "WALLET_CREDIT"


#: Journal kind of a customer's move between their own wallets.
TRANSFER = "WALLET_TRANSFER"


def credit(*, key: str, hot_wallet_id: int, spot_id: int, amount: Amount) -> ledger.Journal:
    """Coins arrive in our hot wallet, and we owe them to the customer: Dr 1010 / Cr 2110."""
    return ledger.Journal(
        key=f"wallet.credit:{key}",
        kind=CREDIT,
        lines=(
            ledger.Line(hot_wallet_id, -amount),
            ledger.Line(spot_id, amount),
        ),
    )


def transfer(*, key: str, source_id: int, target_id: int, amount: Amount) -> ledger.Journal:
    """What we owe a customer in one of their wallets we owe in the other: Dr 2110 / Cr 2120."""
    return ledger.Journal(
        key=f"wallet.transfer:{key}",
        kind=TRANSFER,
        lines=(
            ledger.Line(source_id, -amount),
            ledger.Line(target_id, amount),
        ),
    )
