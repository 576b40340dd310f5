"""An account knows where its person lives once a reviewer has approved it."""

import importlib

import pytest
from django.apps import apps

from mooring.accounts import api as accounts
from mooring.accounts.models import Account, Verification

from .test_verification import REJECTED, _told, alice, decide, submit, told  # noqa: F401 - fixtures

MIGRATION = "mooring.accounts.migrations.0010_country_of_residence"


def countries(*account_ids):
    return accounts.find_countries(account_ids)


def test_nobody_lives_anywhere_before_an_approval(alice):  # noqa: F811
    case = submit(alice)
    assert countries(alice) == {}
    decide(case, REJECTED)
    assert countries(alice) == {}


@pytest.mark.usefixtures("_told")
def test_an_approved_form_says_the_country_and_a_proven_address_says_it_better(alice):  # noqa: F811
    decide(submit(alice, texts={"country": "FR"}))
    assert countries(alice) == {alice: "FR"}
    decide(submit(alice, 2))
    assert countries(alice) == {alice: "DE"}


def test_who_was_approved_before_is_noted_by_the_migration(alice):  # noqa: F811
    decide(submit(alice, texts={"country": "FR"}))
    Account.objects.update(country="")
    migration = importlib.import_module(MIGRATION)
    migration.note_countries(apps, None)
    assert countries(alice) == {alice: "FR"}
    Account.objects.update(country="")
    Verification.objects.update(sealed_form=b"\x01" * 40)
    migration.note_countries(apps, None)
    assert countries(alice) == {}
