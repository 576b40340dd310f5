"""What may arrive, and what may be moved: pure."""

import re
from typing import Final

from mooring.kernel.money import Amount
from mooring.kernel.rounding import floor_to
from mooring.wallet.errors import AmountNotPositive, KeyMalformed, TooManyDecimals

# ASCII by name; what the book takes as a key, bounded so that our prefix fits.
_KEY: Final = re.compile(r"[A-Za-z0-9._:+-]{1,100}", re.ASCII)


def check_movement(*, amount: Amount, decimals_max: int, key: str) -> None:
    """
    Refuse what cannot arrive or be moved.

    Args:
        decimals_max: of what arrives, the asset's ledger decimals; between wallets, the book's.

    Raises:
        AmountNotPositive: nothing, or less.
        TooManyDecimals: domain rules §8, never more than the native decimals.
        KeyMalformed: the book would not take the key.
    """
    if not amount.is_positive:
        raise AmountNotPositive(amount=amount)
    _, too_fine = floor_to(amount.number, decimals_max)
    if too_fine:
        raise TooManyDecimals(amount=amount, decimals_max=decimals_max)
    if not _KEY.fullmatch(key):
        raise KeyMalformed
