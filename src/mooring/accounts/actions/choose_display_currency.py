"""Remember in which currency a customer wants values shown."""

from typing import Final

from mooring.accounts.errors import CurrencyNotOffered
from mooring.accounts.models import Account
from mooring.kernel import db

#: Source: requirement ACC-7.
DISPLAY_CURRENCIES: Final = ("USD", "EUR", "CNY", "BTC")


@db.transaction
def choose_display_currency(*, account_id: int, currency: str) -> None:
    """
    Show this account's values in `currency` from now on.

    Raises:
        CurrencyNotOffered: it is none of `DISPLAY_CURRENCIES`.
    """
    if currency not in DISPLAY_CURRENCIES:
        raise CurrencyNotOffered(currency=currency)
    Account.objects.filter(id=account_id).update(display_currency=currency)
