"""`mooring account disable` lets an operator freeze an account, and only once."""

import json

import pytest

from mooring.accounts import api as accounts
from mooring.accounts.models import Account, LoginSession, SecurityEvent
from mooring.kernel import clock
from mooring.operations import cli
from tests.notices.outbox import messages
from tests.web.signing_in import sign_in

ALICE = "alice@example.org"


@pytest.fixture
def alice(db):
    return accounts.open_account(email=ALICE, password="four random harbour words", at=clock.now())


def disable(capsys, email=ALICE):
    code = cli.run(["account", "disable", "--email", email, "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out or told.err)


def test_the_account_is_frozen_everybody_is_out_and_its_person_is_told(alice, client, capsys):
    sign_in(client, Account.objects.get(id=alice).user)
    code, told = disable(capsys)
    assert (code, told["account_id"], told["was_disabled"]) == (0, alice, False)
    assert Account.objects.get(id=alice).status == "DISABLED"
    assert not LoginSession.objects.filter(ended_at__isnull=True).exists()
    assert client.get("/wallet").status_code == 302
    assert [one.kind for one in messages(ALICE)][-1] == "account_disabled"


def test_an_operators_place_is_no_business_of_the_customers(alice, capsys):
    disable(capsys)
    assert SecurityEvent.objects.get(kind="account_disabled").ip is None


def test_a_second_time_changes_nothing_and_says_so(alice, capsys):
    disable(capsys)
    at = Account.objects.get(id=alice).disabled_at
    code, told = disable(capsys)
    assert (code, told["was_disabled"]) == (0, True)
    assert Account.objects.get(id=alice).disabled_at == at


def test_nobody_is_not_disabled(alice, capsys):
    code, told = disable(capsys, "zoe@example.org")
    assert (code, told["error"]["code"]) == (1, "account_not_found")
