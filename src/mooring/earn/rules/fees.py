"""What leaving costs by the terms."""

from decimal import Decimal
from typing import Final

from mooring.kernel import rounding

_NOTHING: Final = Decimal(0)
_FEE_DECIMALS: Final = 8


def fee_on(amount: Decimal, rate: Decimal) -> Decimal:
    """Return the fee on what leaves: ceiled, never more than it."""
    if not rate:
        return _NOTHING
    # From the customer we ceil (domain rules §8), but never above what leaves.
    fee, _ = rounding.ceil_to(rounding.EXACT.multiply(amount, rate), _FEE_DECIMALS)
    return min(fee, amount)
