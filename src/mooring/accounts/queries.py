"""Reads of accounts."""

from dataclasses import dataclass

from mooring.accounts.models import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What pages need to know of the account behind a log-in."""

    account_id: int
    display_currency: str
    is_open: bool


def find_account_id(*, email: str) -> int | None:
    """Return the account that logs in with `email`, whatever its letter case; None if none."""
    return Account.objects.filter(user__email__iexact=email).values_list("id", flat=True).first()


def find_profile(*, user_id: int) -> Profile | None:
    """Return the profile of the account of a log-in; None for a log-in without one (staff)."""
    found = (
        Account.objects.filter(user_id=user_id)
        .values_list("id", "display_currency", "status")
        .first()
    )
    if found is None:
        return None
    account_id, currency, status = found
    return Profile(
        account_id=account_id,
        display_currency=currency,
        is_open=status == Account.Status.OPEN,
    )
