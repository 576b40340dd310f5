"""`mooring recovery` lists who waits, and approves for a reviewer and nobody else."""

import json

import pytest
from allauth.mfa.models import Authenticator

from mooring.accounts import api as accounts
from mooring.accounts.models import Recovery, User
from mooring.accounts.origin import Origin
from mooring.kernel import clock
from mooring.operations import cli
from tests.notices.outbox import last_code

ALICE = "alice@example.org"
REVIEWER = "rita@example.org"
WHY = ("--reason", "met in a call, with a letter of the bank")


@pytest.fixture
def mooring(capsys):
    """Return a function that runs a command and returns code, output and error."""

    def run(*words):
        code = cli.run(("recovery", *words))
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def waiting(db):
    """Alice's account is disabled, and she has asked for it back."""
    User.objects.create(email=REVIEWER, is_staff=True)
    accounts.open_account(email=ALICE, password="four random harbour words", at=clock.now())
    user = User.objects.get(email=ALICE)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    origin = Origin(wall=clock.wall(), ip="192.0.2.1")
    accounts.protection.disable_account(
        user_id=user.pk, origin=origin, wall=origin.wall, at=clock.now()
    )
    identifier = accounts.entrance.read_identifier(ALICE)
    code_id = accounts.protection.ask_for_recovery(identifier, origin=origin, at=clock.now())
    proof = accounts.protection.give_recovery_code(
        code_id, last_code(ALICE), origin=origin, at=clock.now()
    )
    assert proof is not None
    accounts.protection.request_recovery(proof, origin=origin, at=clock.now())


def test_who_waits_is_listed_and_approved(waiting, mooring):
    code, out, err = mooring("list", "--json")
    assert (code, err) == (0, "")
    [one] = json.loads(out)["recoveries"]
    assert (one["email"], one["kind"], one["approved_at"]) == (ALICE, "DISABLED", None)
    code, out, err = mooring("approve", "--email", ALICE, "--by", REVIEWER, *WHY, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["account_id"] == one["account_id"]
    assert Recovery.objects.get().approved_by.email == REVIEWER
    assert ALICE in mooring("list")[1]
    assert WHY[1] in mooring("list")[1]


REFUSED = [
    ("nobody's account", ("--email", "bob@example.org", "--by", REVIEWER), "account_not_found"),
    ("no reviewer", ("--email", ALICE, "--by", "bob@example.org"), "reviewer_not_found"),
    ("the customer", ("--email", ALICE, "--by", ALICE), "reviewer_not_found"),
    ("no name", ("--email", ALICE), "--by"),
    ("no reason", ("--email", ALICE, "--by", REVIEWER), "recovery_reason_wrong"),
]


@pytest.mark.parametrize(("case", "words", "told"), REFUSED, ids=[row[0] for row in REFUSED])
def test_anybody_else_approves_nothing(waiting, mooring, case, words, told):
    code, out, err = mooring("approve", *words)
    assert (code in {1, 2}, out) == (True, ""), case
    assert told in err
    assert Recovery.objects.get().approved_at is None


def test_what_is_not_open_is_not_approved(waiting, mooring):
    Recovery.objects.update(cancelled_at=clock.now())
    assert "recovery_not_found" in mooring("approve", "--email", ALICE, "--by", REVIEWER)[2]
