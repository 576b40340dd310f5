"""The way back in, as its pages show it: one answer for everybody, and nothing by a link alone."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import Account, Recovery, User
from mooring.accounts.origin import Origin
from mooring.kernel import clock
from tests.notices.outbox import last_code, last_link_token
from tests.web.signing_in import sign_in

from .conftest import PASSWORD

ALICE = "alice@example.com"


def text(response):
    return response.content.decode()


@pytest.fixture
def factor(alice):
    return Authenticator.objects.create(
        user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"}
    )


@pytest.fixture
def later(monkeypatch):
    """Return a function that moves the platform's clock."""

    def move(**by):
        moved = clock.now() + timedelta(**by)
        monkeypatch.setattr("mooring.web.visit.clock.now", lambda: moved)

    return move


def with_mailbox(browser, email=ALICE):
    response = browser.post("/recovery", {"identifier": email})
    return browser.post(response.url, {"code": last_code(email)})


def with_password(browser):
    assert with_mailbox(browser).url == "/recovery/state"
    assert "Your password" in text(browser.get("/recovery/state"))
    return browser.post("/recovery/password", {"password": PASSWORD})


def asked(browser):
    with_password(browser)
    assert "Begin the recovery" in text(browser.get("/recovery/state"))
    return browser.post("/recovery/ask", follow=True)


def test_a_lost_factor_is_replaced_after_the_wait(client, alice, factor, later):
    assert "The recovery has begun" in text(asked(client))
    assert client.post("/recovery/complete").url == "/recovery/state"
    assert Authenticator.objects.exists()
    later(hours=73)
    assert "Complete the recovery" in text(client.get("/recovery/state"))
    response = client.post("/recovery/complete", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login")
    assert "add a second factor" in text(response)
    assert not Authenticator.objects.exists()
    assert client.get("/recovery/state").url == "/recovery"


def test_the_link_opens_nothing_by_being_looked_at(client, alice, factor):
    client.post("/recovery", {"identifier": ALICE})
    address = f"/recovery/{last_link_token(ALICE)}"
    for _ in range(3):
        assert "Continue" in text(client.get(address))
    assert client.get("/recovery/state").url == "/recovery"
    other = Client()
    assert other.post(address).url == "/recovery/state"
    assert "Your password" in text(other.get("/recovery/state"))
    again = client.post(address)
    assert again.status_code == 422
    assert "This link is over" in text(again)


def stripped(response):
    """Return an answer without what no two share: ids and the token of its forms."""
    own = response.wsgi_request.path.rsplit("/", 1)[-1]
    lines = text(response).replace(own, "").splitlines()
    return [line for line in lines if "csrf" not in line and "sandbox-state" not in line]


@pytest.mark.parametrize("kind", ["unknown", "closed", "disabled", "number"])
def test_strangers_are_answered_like_the_owner(alice, factor, kind):
    typed = {"unknown": "nobody@example.com", "number": "+4915112345678"}.get(kind, ALICE)
    known, other = Client(), Client()
    hers = known.post("/recovery", {"identifier": ALICE}, follow=True)
    if kind == "closed":
        Account.objects.update(status="CLOSED", closed_at=clock.now())
    if kind == "disabled":
        Account.objects.update(status="DISABLED", disabled_at=clock.now())
    theirs = other.post("/recovery", {"identifier": typed}, follow=True)
    assert hers.status_code == theirs.status_code == 200
    assert stripped(hers) == stripped(theirs)
    wrong = [
        browser.post(page.wsgi_request.path, {"code": "12"})
        for browser, page in ((known, hers), (other, theirs))
    ]
    assert wrong[0].status_code == wrong[1].status_code == 422
    assert stripped(wrong[0]) == stripped(wrong[1])


@pytest.mark.parametrize("typed", ["", "x", "a@b@c", "+1", "a\nb@example.com", "x" * 5000])
def test_what_is_no_address_is_said_to_be_none(client, db, typed):
    assert client.post("/recovery", {"identifier": typed}).status_code == 422


def test_every_step_needs_the_one_before(client, alice, factor):
    assert client.get("/recovery/state").url == "/recovery"
    for step in ("password", "ask", "complete"):
        assert client.post(f"/recovery/{step}", {"password": PASSWORD}).url == "/recovery"
    with_mailbox(client)
    client.post("/recovery/ask")
    assert not Recovery.objects.exists()
    assert client.get("/recovery/state").url == "/recovery"
    with_mailbox(client)
    wrong = client.post("/recovery/password", {"password": "not this one"})
    assert wrong.status_code == 422
    assert "not right" in text(wrong)
    client.post("/recovery/ask")
    assert not Recovery.objects.exists()


def test_what_was_shown_stays_in_its_browser(client, alice, factor, later):
    asked(client)
    later(hours=73)
    other = Client()
    assert other.get("/recovery/state").url == "/recovery"
    assert other.post("/recovery/complete").url == "/recovery"
    assert Authenticator.objects.exists()


def test_the_session_gets_a_new_key_with_what_was_shown(client, alice, factor):
    client.get("/recovery")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    with_mailbox(client)
    assert client.session.session_key != before


def test_the_link_that_cancels_works_logged_out_and_asks_first(client, alice, factor, later):
    asked(client)
    address = f"/recovery/cancel/{last_link_token(ALICE)}"
    other = Client()
    assert "Cancel the recovery?" in text(other.get(address))
    assert Recovery.objects.get().cancelled_at is None
    assert "was cancelled" in text(other.post(address))
    later(hours=73)
    client.post("/recovery/complete")
    assert Authenticator.objects.exists()
    for response in (other.get(address), other.post(address), other.get("/recovery/cancel/x")):
        assert response.status_code == 404
        assert "nothing to cancel" in text(response)


def test_who_logs_in_with_the_factor_sees_it_everywhere_and_cancels_it(client, alice, factor):
    asked(Client())
    sign_in(client, alice)
    for page in ("/", "/earn/products", "/security/recovery"):
        assert "/security/recovery" in text(client.get(page))
    response = client.post("/security/recovery", follow=True)
    assert "The recovery was cancelled" in text(response)
    assert Recovery.objects.get().cancelled_at
    assert "without its second factor" not in text(client.get("/"))
    assert client.post("/security/recovery").status_code == 302


@pytest.fixture
def reviewer(db):
    staff = User.objects.create(email="staff@example.com", is_staff=True)
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={"secret": "x"})
    browser = Client()
    sign_in(browser, staff)
    return browser


def disable(user):
    origin = Origin(wall=clock.wall(), ip="192.0.2.1")
    accounts.protection.disable_account(
        user_id=user.pk, origin=origin, wall=origin.wall, at=clock.now()
    )


def test_a_disabled_account_opens_with_reviewer_wait_and_new_password(
    client, alice, factor, reviewer, later
):
    disable(alice)
    with_mailbox(client)
    assert "Ask for your account back" in text(client.get("/recovery/state"))
    assert "not yet approved" in text(client.post("/recovery/ask", follow=True))
    assert ALICE in text(reviewer.get("/staff/recoveries"))
    address = f"/staff/recoveries/{Recovery.objects.get().pk}/approve"
    assert "Approved" in text(reviewer.post(address, {"reason": "met in a call"}, follow=True))
    new = "another harbour and words"
    client.post("/recovery/complete", {"password": new})
    assert Account.objects.get(user=alice).status == "DISABLED"
    later(hours=73)
    weak = client.post("/recovery/complete", {"password": "short"})
    assert weak.status_code == 422
    assert "at least 12" in text(weak)
    assert client.post("/recovery/complete", {"password": new}).url.startswith("/accounts/login")
    alice.refresh_from_db()
    assert alice.check_password(new)
    assert Account.objects.get(user=alice).status == "OPEN"


def test_without_approval_waiting_is_not_enough(client, alice, factor, later):
    disable(alice)
    with_mailbox(client)
    client.post("/recovery/ask")
    later(hours=2000)
    client.post("/recovery/complete", {"password": "another harbour and words"})
    assert Account.objects.get(user=alice).status == "DISABLED"


def test_only_reviewers_see_recoveries(client, alice, factor, reviewer):
    disable(alice)
    with_mailbox(client)
    client.post("/recovery/ask")
    address = f"/staff/recoveries/{Recovery.objects.get().pk}/approve"
    bob = accounts.open_account(email="bob@example.com", password=PASSWORD, at=clock.now())
    member = Client()
    sign_in(member, User.objects.get(account__id=bob))
    for browser in (Client(), member):
        assert browser.get("/staff/recoveries").status_code == 404
        assert browser.post(address).status_code == 404
    assert Recovery.objects.get().approved_at is None
    assert reviewer.post("/staff/recoveries/1/approve").status_code == 404
    assert reviewer.get(address).status_code == 405


def test_an_approval_of_nobody_verified_needs_a_reason(client, alice, factor, reviewer):
    disable(alice)
    with_mailbox(client)
    client.post("/recovery/ask")
    address = f"/staff/recoveries/{Recovery.objects.get().pk}/approve"
    refused = reviewer.post(address, {"reason": " "})
    assert refused.status_code == 422
    assert "Nothing was approved" in text(refused)
    long = reviewer.post(address, {"reason": "because " * 50})
    assert "because because" in text(long), "what was typed is not lost"
    assert Recovery.objects.get().approved_at is None
    shown = reviewer.post(address, {"reason": "met in a call <b>"}, follow=True)
    assert "met in a call &lt;b&gt;" in text(shown)
    assert "<b>" not in text(shown)
