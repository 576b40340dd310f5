"""
Money: a number and the asset it is of, inseparable.

`Amount` is the only form in which money travels between functions. It accepts a finite
`Decimal` of at most 18 decimals and 20 digits before the point (what `numeric(38,18)` holds),
never a float, and refuses arithmetic across assets. `parse_amount` is the one parser for
every input that people or programs type.
"""

import decimal
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering
from typing import Final, Self

from mooring.kernel.errors import Refusal
from mooring.kernel.rounding import EXACT

#: Decimals of the book's amount columns.
DECIMALS_MAX: Final = 18
#: Digits before the point in the book's amount columns.
DIGITS_MAX: Final = 20

_FINEST: Final = Decimal(1).scaleb(-DECIMALS_MAX)
# Rounds, for comparing only: a number that differs from its rounding is too fine.
_BOOKABLE: Final = decimal.Context(
    prec=DIGITS_MAX + DECIMALS_MAX, traps=[decimal.Inexact, decimal.InvalidOperation]
)
# ASCII digits by name: \d would let "１２" and "٣" through.
_PLAIN: Final = re.compile(r"(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,18})?", re.ASCII)
_LENGTH_MAX: Final = DIGITS_MAX + 1 + DECIMALS_MAX


class AssetMismatch(TypeError):
    """
    Arithmetic or comparison of two assets was attempted.

    If you are hitting this, two amounts of different assets met in one expression: convert
    one of them first, over a clearing account.
    """


class MalformedAmount(Refusal):
    """The text is not an amount: plain digits, one point, a limited number of decimals."""

    code = "malformed_amount"

    def __init__(self, *, asset: str, decimals_max: int) -> None:
        super().__init__(
            f"Write the amount of {asset} in plain digits with at most {decimals_max} decimals, "
            f"for example 0.25."
        )
        self.asset = asset
        self.decimals_max = decimals_max


@total_ordering
@dataclass(frozen=True, slots=True)
class Amount:
    """
    So much of an asset; may be negative.

    Args:
        number: finite, at most 18 decimals and 20 digits before the point.
        asset: the asset's code, such as `BTC`.

    Raises:
        TypeError: `number` is not a Decimal.
        ValueError: `number` is NaN, infinite, too large or too fine.
    """

    number: Decimal
    asset: str

    def __post_init__(self) -> None:
        number = self.number
        if type(number) is not Decimal:
            message = f"an amount is a Decimal, not {type(number).__name__}"
            raise TypeError(message)
        try:
            # One call asks everything: too fine is inexact, too large and infinite do not fit.
            fits = number.quantize(_FINEST, None, _BOOKABLE).is_finite()
        except decimal.Inexact as error:
            message = f"an amount has at most {DECIMALS_MAX} decimals"
            raise ValueError(message) from error
        except decimal.InvalidOperation as error:
            message = f"an amount is finite, with at most {DIGITS_MAX} digits before the point"
            raise ValueError(message) from error
        if not fits:
            message = "an amount is a number"
            raise ValueError(message)

    @classmethod
    def zero(cls, asset: str) -> Self:
        """Return nothing of `asset`."""
        return cls(Decimal(0), asset)

    @property
    def is_zero(self) -> bool:
        """Whether this is nothing."""
        return not self.number

    @property
    def is_positive(self) -> bool:
        """Whether this is more than nothing."""
        return self.number > 0

    @property
    def is_negative(self) -> bool:
        """Whether this is less than nothing."""
        return self.number < 0

    def __add__(self, other: Self) -> Self:
        self._same_asset(other)
        return type(self)(EXACT.add(self.number, other.number), self.asset)

    def __sub__(self, other: Self) -> Self:
        self._same_asset(other)
        return type(self)(EXACT.subtract(self.number, other.number), self.asset)

    def __neg__(self) -> Self:
        # `copy_negate` would make a negative zero of a zero.
        return type(self)(EXACT.subtract(Decimal(0), self.number), self.asset)

    def __lt__(self, other: Self) -> bool:
        self._same_asset(other)
        return self.number < other.number

    def __str__(self) -> str:
        return f"{plain(self.number)} {self.asset}"

    def _same_asset(self, other: Self) -> None:
        if self.asset != other.asset:
            message = f"{self.asset} meets {other.asset}"
            raise AssetMismatch(message)


def plain(number: Decimal) -> str:
    """Write `number` without exponent, trailing zeros or a negative zero."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def parse_amount(text: object, *, asset: str, decimals_max: int = DECIMALS_MAX) -> Amount:
    """
    Read an amount that someone typed: plain ASCII digits, an optional point, nothing else.

    No sign, exponent, separator, blank or other script's digits; never rounded. The length
    is bounded before `Decimal` sees the text.

    Args:
        text: the input; anything but a `str` is refused.
        asset: what it is an amount of.
        decimals_max: the most decimals this asset takes, at most 18.

    Raises:
        MalformedAmount: the text is anything else. Zero is an amount; whether it is
            enough is the caller's rule.
    """
    malformed = MalformedAmount(asset=asset, decimals_max=decimals_max)
    if not isinstance(text, str) or len(text) > _LENGTH_MAX or not _PLAIN.fullmatch(text):
        raise malformed
    _, _, fraction = text.partition(".")
    if len(fraction) > decimals_max:
        raise malformed
    return Amount(Decimal(text), asset)
