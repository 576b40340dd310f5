"""How the API writes numbers and times: amounts as text, times in milliseconds."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from mooring.gateway.binance.signing import milliseconds
from mooring.kernel.money import Amount

#: The exchange writes eight; what is finer is written to its last digit, never cut.
DECIMALS_MIN: Final = 8


class Plain(Decimal):
    """
    A number that the exchange writes as a number of JSON; everything else is a text.

    Written digit by digit: a float would make 0.1 of it and lose the rest.
    """


def amount_text(amount: Amount | Decimal) -> str:
    """Return an amount in plain digits with at least eight decimals, exactly."""
    number = amount.number if isinstance(amount, Amount) else amount
    whole, _, decimals = format(number, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(DECIMALS_MIN, '0')}"


def rate_text(rate: Decimal) -> str:
    """Return a yearly rate as a fraction, in plain digits with at least eight decimals."""
    return amount_text(rate)


def time_number(time: datetime) -> int:
    """Return a time as milliseconds since 1970."""
    return milliseconds(time)


def time_number_or_none(time: datetime | None) -> int | None:
    """Return a time as milliseconds since 1970; None for none."""
    return None if time is None else milliseconds(time)
