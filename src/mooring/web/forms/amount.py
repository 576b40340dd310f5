"""An amount that a person typed, read by the one strict parser."""

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from mooring.kernel.money import Amount, parse_amount

_DESTINATIONS: Final = ("SPOT", "FUNDING")


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountWish:
    """
    What was asked for.

    Args:
        typed: the text, to be shown again.
        amount: the amount; None for everything.
        is_asked: whether the form was sent at all.
    """

    typed: str
    amount: Amount | None
    destination: str
    is_asked: bool
    takes_all: bool


def read_amount(sent: QueryDict, *, asset: str, decimals_max: int) -> AmountWish:
    """
    Read the form of an amount, its Max button and its destination.

    Blanks around the number are forgiven, for phones add them; nothing else is.

    Raises:
        MalformedAmount: the text is not a plain number.
    """
    typed = sent.get("amount", "")[:64]
    takes_all = bool(sent.get("all"))
    wished = sent.get("destination", "SPOT")
    is_asked = takes_all or "amount" in sent
    amount = None
    if is_asked and not takes_all:
        amount = parse_amount(typed.strip(), asset=asset, decimals_max=decimals_max)
    return AmountWish(
        typed=typed,
        amount=amount,
        destination=wished if wished in _DESTINATIONS else "SPOT",
        is_asked=is_asked,
        takes_all=takes_all,
    )
