"""Reads of accounts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from mooring.accounts.models import Account, Recovery, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """
    What pages need to know of the account behind a log-in.

    Args:
        is_recovered: somebody asked for it back, and its owner can still stop that.
    """

    account_id: int
    display_currency: str
    is_open: bool
    is_recovered: bool = False


def being_recovered(account: str) -> Exists:
    """Return whether a recovery is open of the account that a query calls `account`."""
    return Exists(
        Recovery.objects.filter(
            account_id=OuterRef(account), cancelled_at__isnull=True, completed_at__isnull=True
        )
    )


def find_account_id(*, email: str) -> int | None:
    """Return the account that logs in with `email`, whatever its letter case; None if none."""
    return Account.objects.filter(user__email__iexact=email).values_list("id", flat=True).first()


def find_countries(account_ids: Iterable[int]) -> dict[int, str]:
    """Return where customers live, by their accounts; who is not verified is missing."""
    known = Account.objects.filter(id__in=set(account_ids)).exclude(country="")
    return dict(known.values_list("id", "country"))


def find_open(account_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these accounts are open: neither disabled nor closed."""
    found = Account.objects.filter(id__in=set(account_ids), status=Account.Status.OPEN)
    return frozenset(found.values_list("id", flat=True))


def find_owners(account_ids: Iterable[int]) -> dict[int, int]:
    """Return whose accounts they are: log-ins by account; one without an owner is missing."""
    owned = Account.objects.filter(id__in=set(account_ids), user_id__isnull=False)
    return dict(owned.values_list("id", "user_id"))


def find_user_id(*, email: str) -> int | None:
    """Return the log-in of `email`, whatever its letter case; None if there is none."""
    return User.objects.filter(email__iexact=email).values_list("id", flat=True).first()


def find_profile(*, user_id: int) -> Profile | None:
    """Return the profile of the account of a log-in; None for a log-in without one (staff)."""
    found = (
        Account.objects.filter(user_id=user_id)
        .values_list("id", "display_currency", "status", being_recovered("id"))
        .first()
    )
    if found is None:
        return None
    account_id, currency, status, is_recovered = found
    return Profile(
        account_id=account_id,
        display_currency=currency,
        is_open=status == Account.Status.OPEN,
        is_recovered=is_recovered,
    )
