"""Opening an account, finding it, and how its values are shown."""

from datetime import UTC, datetime

import pytest

from mooring.accounts import api as accounts
from mooring.accounts.models import Account, User

pytestmark = pytest.mark.django_db

OPENING = datetime(2026, 1, 1, tzinfo=UTC)
PASSWORD = "four random harbour words"


def open_alice(email: str = "alice@example.com") -> int:
    return accounts.open_account(email=email, password=PASSWORD, at=OPENING)


def test_an_operators_account_has_a_number_if_one_is_given() -> None:
    accounts.open_account(
        email="alice@example.com", phone="0049 1512 3456789", password=PASSWORD, at=OPENING
    )
    alice = User.objects.get()
    assert (alice.email, alice.phone) == ("alice@example.com", "+4915123456789")
    with pytest.raises(accounts.EmailTaken):
        accounts.open_account(
            email="bob@example.com", phone="+4915123456789", password=PASSWORD, at=OPENING
        )


def test_an_address_is_one_person_whatever_its_letter_case() -> None:
    open_alice()
    with pytest.raises(accounts.EmailTaken):
        open_alice("ALICE@example.com")
    assert User.objects.count() == 1
    assert Account.objects.count() == 1


def test_an_account_is_found_in_any_letter_case() -> None:
    account_id = open_alice("Alice@Example.com")
    assert accounts.find_account_id(email="aLICE@eXAMPLE.COM") == account_id
    assert accounts.find_account_id(email="bob@example.com") is None


def test_a_profile_is_of_the_log_in() -> None:
    account_id = open_alice()
    user = User.objects.get()
    profile = accounts.find_profile(user_id=user.pk)
    assert profile is not None
    assert (profile.account_id, profile.display_currency) == (account_id, "USD")
    assert accounts.find_profile(user_id=user.pk + 1) is None


def test_a_currency_is_chosen_from_those_offered() -> None:
    account_id = open_alice()
    accounts.choose_display_currency(account_id=account_id, currency="BTC")
    with pytest.raises(accounts.CurrencyNotOffered):
        accounts.choose_display_currency(account_id=account_id, currency="XXX")
    assert Account.objects.get().display_currency == "BTC"
