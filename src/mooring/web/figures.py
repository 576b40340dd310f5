"""
How amounts and rates are written for people.

At most 8 decimals, cut and never rounded up; an amount too small for 8 decimals shows its
first digits instead of a false zero. Every figure also carries all its digits.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mooring.kernel.money import DECIMALS_MAX, Amount, plain
from mooring.kernel.rounding import EXACT, floor_to

DECIMALS_SHOWN: Final = 8
_PERCENT_DECIMALS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An amount as it is written: `sign`, `digits`, then zeros that say nothing, then the asset."""

    sign: str
    digits: str
    zeros: str
    asset: str
    exact: str
    is_cut: bool

    @property
    def text(self) -> str:
        """The figure without its asset."""
        return f"{self.sign}{self.digits}{self.zeros}"


def figure_of(amount: Amount, *, decimals: int = DECIMALS_SHOWN, signed: bool = False) -> Figure:
    """Return `amount` as it is written, with `decimals` places; `signed` writes a plus too."""
    cut = _cut(amount.number, decimals)
    digits = f"{abs(cut):,f}"
    bare = digits.rstrip("0").rstrip(".") if "." in digits else digits
    plus = "+" if signed and cut > 0 else ""
    return Figure(
        sign="\N{MINUS SIGN}" if cut < 0 else plus,
        digits=bare,
        zeros=digits[len(bare) :],
        asset=amount.asset,
        exact=plain(amount.number),
        is_cut=cut != amount.number,
    )


def amount_text(amount: Amount, *, decimals: int = DECIMALS_SHOWN) -> str:
    """Return `amount` in one line, asset included."""
    return f"{figure_of(amount, decimals=decimals).text} {amount.asset}"


def short_text(amount: Amount) -> str:
    """Return `amount` without the zeros that say nothing, for limits."""
    figure = figure_of(amount)
    return f"{figure.sign}{figure.digits} {figure.asset}"


def percent_text(rate: Decimal) -> str:
    """Return a rate as a percentage without trailing zeros but with two decimals at least."""
    cut, _ = floor_to(EXACT.multiply(rate, Decimal(100)), _PERCENT_DECIMALS)
    whole, _, fraction = f"{cut:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}%"


def _cut(number: Decimal, decimals: int) -> Decimal:
    cut, remainder = floor_to(number, decimals)
    if number > 0 and cut == 0 and remainder:
        # `adjusted` is the place of the first digit: show that one and one more.
        places = min(DECIMALS_MAX, 1 - number.adjusted())
        cut, _ = floor_to(number, places)
    return cut
