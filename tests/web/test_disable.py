"""A link in a mail, or a tick on a page, freezes the account whole; nothing else changes by it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.db import transaction
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import (
    Account,
    ApiKey,
    Code,
    LoginSession,
    Recovery,
    SecurityEvent,
    SignUp,
    StepUp,
    User,
)
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes, step_up
from mooring.accounts.protection.disabling import disable_token
from mooring.kernel import clock
from tests.notices.outbox import last_disable_token, messages
from tests.web.conftest import PASSWORD
from tests.web.signing_in import sign_in

AT = datetime(2026, 1, 2, tzinfo=UTC)


def main_of(response):
    page = response.content.decode()
    return re.sub(r"csrfmiddlewaretoken\S+ value=\S+", "", page[page.index("<main") :])


def link_of(user):
    return f"/disable/{disable_token(user.pk)}"


def status_of(user):
    return Account.objects.get(user=user).status


@pytest.fixture
def ways_in(alice):
    """Everything through which Alice, or a thief, could act."""
    origin = Origin(wall=clock.wall(), ip="192.0.2.1")
    thief = Client()
    session = sign_in(thief, alice)
    logged_in = Origin(wall=clock.wall(), ip="192.0.2.1", session_id=session.pk)
    step_up.begin(action="language.change", user_id=alice.pk, data={}, origin=logged_in)
    account = Account.objects.get(user=alice)
    with transaction.atomic():
        codes.issue(
            purpose=Code.Purpose.PASSWORD_RESET,
            channel="EMAIL",
            to=alice.email,
            user_id=alice.pk,
            origin=origin,
            at=AT,
        )
        sign_up = codes.issue(
            purpose=Code.Purpose.SIGN_UP,
            channel="EMAIL",
            to=alice.email,
            user_id=None,
            origin=origin,
            at=AT,
        )
    SignUp.objects.create(code_id=sign_up.id, password="x", terms_version="1", terms_accepted_at=AT)
    ApiKey.objects.create(
        account=account,
        api_key="a" * 64,
        label="bot",
        type="HMAC",
        sealed_secret=b"x",
        created_at=AT,
    )
    Recovery.objects.create(
        account=account, kind="LOST_FACTOR", requested_at=AT, ready_at=AT, cancel_digest="x"
    )
    return thief


def test_asking_shows_what_it_does_and_changes_nothing(client, alice, ways_in):
    page = client.get(link_of(alice))
    assert page.status_code == 200
    for fact in ("Earn positions go on earning", "Every API key ends", "Recovery", "Deposits"):
        assert fact in page.content.decode(), fact
    assert "alice" not in page.content.decode()
    client.head(link_of(alice))
    assert status_of(alice) == "OPEN"
    assert LoginSession.objects.filter(ended_at=None).exists()


def test_the_link_freezes_the_account_whole(client, alice, ways_in):
    done = client.post(link_of(alice))
    assert done["Location"] == "/disabled"
    assert "is disabled" in client.get("/disabled").content.decode()
    assert status_of(alice) == "DISABLED"
    assert not LoginSession.objects.filter(ended_at=None).exists()
    assert ways_in.get("/security").status_code == 302
    assert not Code.objects.filter(spent_at=None).exists()
    assert not StepUp.objects.exists()
    assert ApiKey.objects.get().end == "DISABLED"
    assert Recovery.objects.get().cancelled_at is not None
    assert SecurityEvent.objects.filter(kind="account_disabled", user=alice).count() == 1
    assert messages(alice.email)[-1].kind == "account_disabled"


def test_disabling_twice_is_disabling_once(client, alice):
    link = link_of(alice)
    assert client.post(link)["Location"] == client.post(link)["Location"] == "/disabled"
    assert SecurityEvent.objects.filter(kind="account_disabled").count() == 1


def test_the_link_of_a_real_mail_works(client, member, alice):
    with transaction.atomic():
        accounts_events_logged_in(alice)
    token = last_disable_token(alice.email)
    client.post(f"/disable/{token}")
    assert status_of(alice) == "DISABLED"


def accounts_events_logged_in(user):
    from mooring.accounts import events

    events.record(events.Kind.LOGGED_IN, user_id=user.pk, origin=None, at=AT)


def test_a_member_freezes_their_account_with_a_tick_and_no_proof(member, alice):
    assert member.post("/security/disable", {}).status_code == 422
    assert status_of(alice) == "OPEN"
    assert member.post("/security/disable", {"sure": "on"})["Location"] == "/disabled"
    assert status_of(alice) == "DISABLED"
    assert member.get("/security").status_code == 302


def test_a_link_that_is_not_valid_always_answers_alike(client, alice, monkeypatch):
    carol = User.objects.create(email="carol@example.com")
    closed = User.objects.create(email="dave@example.com")
    Account.objects.create(user=closed, opened_at=AT, status="CLOSED", closed_at=AT)
    with monkeypatch.context() as patched:
        long_ago = (clock.wall() - timedelta(days=31)).timestamp()
        patched.setattr(signing.time, "time", lambda: long_ago)
        old = disable_token(alice.pk)
    tokens = {
        "changed": f"{disable_token(alice.pk)[:-1]}!",
        "of another kind": signing.dumps(alice.pk, salt="another"),
        "of no number": signing.dumps("alice", salt="disable.0"),
        "of nobody": disable_token(0),
        "of a number that is none": signing.dumps(2**70, salt="disable.0"),
        "of a truth": signing.dumps(True, salt="disable.0"),
        "of before": disable_token(alice.pk, times_reopened=1),
        "of a log-in without an account": disable_token(carol.pk),
        "of a closed account": disable_token(closed.pk),
        "old": old,
        "nonsense": "x",
    }
    answers = {
        (case, method): getattr(client, method)(f"/disable/{token}")
        for case, token in tokens.items()
        for method in ("get", "post")
    }
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({main_of(answer) for answer in answers.values()}) == 1
    assert "is not valid (any more)" in main_of(answers["old", "get"])
    assert status_of(alice) == "OPEN"
    assert status_of(closed) == "CLOSED"


def test_no_link_of_before_works_after_the_account_came_back(client, alice):
    old = link_of(alice)
    Recovery.objects.create(
        account=alice.account,
        kind="DISABLED",
        requested_at=AT,
        ready_at=AT,
        approved_at=AT,
        approved_by=alice,
        approved_level=1,
        completed_at=AT,
        cancel_digest="d" * 64,
    )
    assert client.post(old).status_code == 404
    assert status_of(alice) == "OPEN"
    assert client.post(link_of(alice)).status_code == 404
    with transaction.atomic():
        accounts_events_logged_in(alice)
    assert client.post(f"/disable/{last_disable_token(alice.email)}").status_code == 302
    assert status_of(alice) == "DISABLED"


def test_the_link_that_went_to_the_old_address_works_after_the_change(client, alice):
    """It is told there that the address was changed; perhaps not by its owner."""
    old = link_of(alice)
    User.objects.filter(id=alice.pk).update(email="elsewhere@example.com")
    client.post(old)
    assert status_of(alice) == "DISABLED"


def test_a_frozen_account_logs_in_like_an_unknown_one(client, alice):
    client.post(link_of(alice))
    frozen = Client().post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    unknown = Client().post("/accounts/login/", {"login": "x@example.com", "password": PASSWORD})
    assert frozen.status_code == unknown.status_code
    assert main_of(frozen).replace(alice.email, "X") == main_of(unknown).replace(
        "x@example.com", "X"
    )


def test_another_person_who_presses_the_button_stays_logged_in(alice):
    browser = Client()
    account_id = accounts.open_account(email="bob@example.com", password=PASSWORD, at=AT)
    sign_in(browser, User.objects.get(account__id=account_id))
    browser.post(link_of(alice))
    assert browser.get("/security").status_code == 200
    assert status_of(alice) == "DISABLED"


def test_the_link_asks_for_our_own_form(alice):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link_of(alice)).status_code == 403
    assert status_of(alice) == "OPEN"


def test_the_link_stops_a_recovery_that_was_asked_for_since(client, alice):
    link = link_of(alice)
    client.post(link)
    Recovery.objects.create(
        account=alice.account, kind="DISABLED", requested_at=AT, ready_at=AT, cancel_digest="d" * 64
    )
    assert client.post(link)["Location"] == "/disabled"
    assert Recovery.objects.get().cancelled_at is not None
    assert SecurityEvent.objects.filter(kind="recovery_cancelled", user=alice).count() == 1
    client.post(link)
    assert SecurityEvent.objects.filter(kind="recovery_cancelled", user=alice).count() == 1
