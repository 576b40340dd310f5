"""A number of days that a person typed."""

from typing import Final

from mooring.earn import api as earn

_DIGITS_MAX: Final = 5


def read_days(text: str, *, most: int) -> int:
    """
    Return a number of days; blanks around it are forgiven, for phones add them.

    Raises:
        EstimateDaysOutOfRange: it is no whole number in plain digits. How many days a product has
            is its own rule.
    """
    typed = text.strip(" ")
    if not typed.isascii() or not typed.isdigit() or len(typed) > _DIGITS_MAX:
        raise earn.EstimateDaysOutOfRange(least=1, most=most)
    return int(typed)
