"""Reviewers and cases from the command line."""

import json

import pytest
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import Account, LoginSession, User, Verification
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import factors, totp
from mooring.kernel import clock
from mooring.operations import cli
from tests.accounts.drawn import picture
from tests.web.signing_in import sign_in

pytestmark = pytest.mark.django_db

PASSWORD = "calm harbour 12"
RITA = ("--email", "rita@example.org")
ALICE = ("--email", "alice@example.org")


@pytest.fixture
def mooring(capsys):
    def run(*words):
        code = cli.run(words)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def answered(mooring):
    def run(*words):
        code, out, err = mooring(*words, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run


@pytest.fixture
def case(monkeypatch):
    """Alice's case."""

    def write(written, *, at):
        """Nobody needs an outbox here."""

    monkeypatch.setattr("mooring.accounts.messenger._WRITERS", [write])
    at = clock.now()
    account_id = accounts.open_account(email="alice@example.org", password=PASSWORD, at=at)
    form = accounts.verification.VerificationForm(
        level=1,
        texts={"legal_name": "Alice", "birth_date": "1990-01-01", "country": "DE"},
        pictures={"identity_front": picture(), "portrait": picture()},
    )
    origin = Origin(wall=clock.wall(), ip="192.0.2.1")
    return accounts.verification.submit_verification(
        form, account_id=account_id, origin=origin, at=at
    )


@pytest.mark.parametrize("is_sandbox", [True, False])
def test_a_reviewer_is_made_with_an_app_and_without_an_account(answered, settings, is_sandbox):
    settings.SANDBOX = is_sandbox
    made = answered("staff", "create", "--email", "Rita@Example.org", "--password", PASSWORD)
    user = User.objects.get(pk=made["user_id"])
    assert (user.email, user.is_staff, user.is_superuser) == ("rita@example.org", True, False)
    assert user.check_password(PASSWORD)
    assert not Account.objects.filter(user=user).exists()
    [factor] = factors.list_factors(user.pk)
    assert factor.factor is accounts.proofs.Factor.TOTP
    assert len(made["authenticator_key"].replace(" ", "")) >= 32
    client = Client()
    sign_in(client, user)
    assert client.get("/staff/verification").status_code == 200


def test_the_key_that_is_shown_is_the_one_that_is_kept(answered):
    made = answered("staff", "create", *RITA, "--password", PASSWORD)
    [row] = User.objects.get(pk=made["user_id"]).authenticator_set.all()
    kept = totp.unseal(row.data["secret"], user_id=made["user_id"])
    assert made["authenticator_key"].replace(" ", "") == kept


def test_a_customers_address_is_not_made_a_reviewers(mooring, case):
    code, _out, error = mooring("staff", "create", *ALICE, "--password", PASSWORD)
    assert (code, error.split(":")[0]) == (1, "email_taken")
    assert not User.objects.get(email="alice@example.org").is_staff


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--email", "rita", "--password", PASSWORD), "email_malformed"),
        ((*RITA, "--password", "short"), "password_too_weak"),
    ],
)
def test_what_is_no_log_in_is_declined(mooring, words, code):
    exit_code, _out, error = mooring("staff", "create", *words)
    assert (exit_code, error.split(":")[0]) == (1, code)
    assert not User.objects.exists()


def test_a_new_app_replaces_the_old_one_and_logs_out(answered):
    first = answered("staff", "create", *RITA, "--password", PASSWORD)
    sign_in(Client(), User.objects.get(pk=first["user_id"]))
    second = answered("staff", "authenticator", *RITA)
    assert second["authenticator_key"] != first["authenticator_key"]
    assert len(factors.list_factors(first["user_id"])) == 1
    assert LoginSession.objects.get().end == "SECURITY"


def test_a_reviewer_is_ended(answered, mooring):
    answered("staff", "create", *RITA, "--password", PASSWORD)
    user_id = answered("staff", "end", *RITA)["user_id"]
    user = User.objects.get(pk=user_id)
    assert (user.is_staff, user.is_active) == (False, False)
    assert mooring("staff", "end", *RITA)[2].startswith("staff_not_found")


def test_a_customer_is_no_reviewer_to_these_commands(mooring, case):
    for verb in ("authenticator", "end"):
        assert mooring("staff", verb, *ALICE)[2].startswith("staff_not_found")
    assert User.objects.get(email="alice@example.org").is_active


def test_a_case_is_listed_and_approved(answered, mooring, case):
    [row] = answered("verification", "list")["cases"]
    assert (row["case"], row["level"]) == (case, 1)
    assert str(case) in mooring("verification", "list")[1]
    decided = answered("verification", "approve", *ALICE)
    assert (decided["decision"], decided["level"]) == ("approved", 1)
    assert answered("verification", "list") == {"cases": []}
    assert Verification.objects.get().decided_by is None


def test_a_case_is_rejected_with_a_reason(answered, mooring, case):
    code, _out, error = mooring("verification", "reject", *ALICE, "--reason", " ")
    assert (code, error.split(":")[0]) == (1, "verification_reason_wrong")
    assert answered("verification", "reject", *ALICE, "--reason", "Too dark.")["level"] == 0
    assert Verification.objects.get().reason == "Too dark."
    code, _out, error = mooring("verification", "approve", *ALICE)
    assert (code, error.split(":")[0]) == (1, "verification_not_found")
