"""
What the wallet declines.

    Refusal
    ├── AmountNotPositive   nothing, or less, was to arrive
    ├── TooManyDecimals     finer than the asset's chain or rail can carry
    ├── SameWallet          nothing is moved from a wallet to itself
    └── KeyMalformed        the caller's key has characters or a length that a key has not
"""

from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount


class AmountNotPositive(Refusal):
    """What arrives is more than nothing."""

    code = "wallet_amount_not_positive"

    def __init__(self, *, amount: Amount) -> None:
        super().__init__(f"The amount has to be more than zero, not {amount}.")
        self.amount = amount


class TooManyDecimals(Refusal):
    """The amount is finer than the asset's chain or rail can carry; it is not rounded."""

    code = "wallet_too_many_decimals"

    def __init__(self, *, amount: Amount, decimals_max: int) -> None:
        super().__init__(f"{amount} has more than {decimals_max} decimals.")
        self.amount = amount
        self.decimals_max = decimals_max


class SameWallet(Refusal):
    """A transfer goes from one wallet to the other."""

    code = "wallet_same_wallet"

    def __init__(self) -> None:
        super().__init__("Choose two wallets: nothing is moved from a wallet to itself.")


class KeyMalformed(Refusal):
    """A key is 1 to 100 letters, digits and `._:+-`."""

    code = "wallet_key_malformed"

    def __init__(self) -> None:
        super().__init__("A key is 1 to 100 letters, digits and the characters ._:+-")
