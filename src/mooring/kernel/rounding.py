"""
Rounding, always by name, always with what was left.

To the customer we floor, from the customer we ceil (domain rules §8); half-up never. Every
function returns the rounded number and the remainder, so that the caller has to say where the
remainder goes. Division of money happens here and nowhere else.
"""

import decimal
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

#: Wide enough that no product of two amounts of the book loses a digit; a result that would
#: need more raises `decimal.Inexact` instead of rounding in silence.
EXACT: Final = decimal.Context(
    prec=120,
    traps=[decimal.Inexact, decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
# Plain operators (`-amount`, `sum`, `+=`) work in the context of their thread, whose 28 digits are
# fewer than the book's 38: they would round in silence. Every thread from here on has as many.
decimal.DefaultContext.prec = EXACT.prec
decimal.getcontext().prec = EXACT.prec

_FLOOR: Final = decimal.Context(prec=120, rounding=ROUND_FLOOR)
_CEILING: Final = decimal.Context(prec=120, rounding=ROUND_CEILING)


def floor_to(number: Decimal, decimals: int) -> tuple[Decimal, Decimal]:
    """Round towards minus infinity; return the result and the remainder, which is >= 0."""
    rounded = number.quantize(Decimal(1).scaleb(-decimals), context=_FLOOR)
    return rounded, EXACT.subtract(number, rounded)


def ceil_to(number: Decimal, decimals: int) -> tuple[Decimal, Decimal]:
    """Round towards plus infinity; return the result and the remainder, which is <= 0."""
    rounded = number.quantize(Decimal(1).scaleb(-decimals), context=_CEILING)
    return rounded, EXACT.subtract(number, rounded)


def floor_quotient(numerator: Decimal, denominator: Decimal, decimals: int) -> Decimal:
    """
    Divide and round towards minus infinity at `decimals`, exactly.

    The quotient itself may have no end; its floor has. The remainder is
    `numerator - result * denominator`, exact, for who carries it.
    """
    scaled = EXACT.scaleb(numerator, decimals)
    quotient = EXACT.divide_int(scaled, denominator)
    # `divide_int` truncates; below zero the floor is one further down.
    if EXACT.multiply(quotient, denominator) != scaled and (scaled < 0) != (denominator < 0):
        quotient = EXACT.subtract(quotient, Decimal(1))
    return EXACT.scaleb(quotient, -decimals)
