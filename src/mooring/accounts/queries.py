"""Reads of accounts."""

from mooring.accounts.models import Account


def find_account_id(*, email: str) -> int | None:
    """Return the account that logs in with `email`, whatever its letter case; None if none."""
    return Account.objects.filter(user__email__iexact=email).values_list("id", flat=True).first()
