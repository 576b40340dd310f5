"""The pages of devices: confirming one, listing them, ending a log-in; and limits that end one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import Account, Device, LoginSession, SecurityEvent, User
from mooring.accounts.policies import DEVICE_CONFIRM_NEW
from mooring.kernel import clock
from mooring.policies import api as policies
from tests.notices import outbox

from .conftest import PASSWORD
from .signing_in import confirm_device, sign_in

pytestmark = pytest.mark.django_db

CONFIRM = "/accounts/device/"


def _log_in(client: Client, user: User, *, then: str = "/wallet") -> Any:
    fields = {"login": user.email, "password": PASSWORD, "next": then}
    return client.post("/accounts/login/", fields)


def _words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def _wrong(code: str) -> str:
    return "111111" if code == "000000" else "000000"


# --- confirming ---


def test_a_new_browser_is_in_after_the_code_from_the_mail(client: Client, alice: User) -> None:
    assert _log_in(client, alice).headers["Location"] == CONFIRM
    assert not LoginSession.objects.exists()
    assert "al•••@example.com" in _words(client.get(CONFIRM))
    done = client.post(CONFIRM, {"code": outbox.last_code(alice.email)})
    assert done.headers["Location"] == "/wallet"
    assert client.get("/wallet").status_code == 200
    cookie = done.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    kinds = set(SecurityEvent.objects.filter(user=alice).values_list("kind", flat=True))
    assert {"device_added", "logged_in", "hold_begun"} <= kinds


def test_the_same_browser_is_not_asked_again(client: Client, alice: User) -> None:
    _log_in(client, alice)
    client.post(CONFIRM, {"code": outbox.last_code(alice.email)})
    client.post("/accounts/logout/")
    assert _log_in(client, alice).headers["Location"] == "/wallet"
    assert Device.objects.count() == 1


def test_two_people_share_a_browser_and_neither_is_asked_again(client: Client, alice: User) -> None:
    accounts.open_account(email="bob@example.com", password=PASSWORD, at=clock.now())
    bob = User.objects.get(email="bob@example.com")
    for person in (alice, bob):
        assert _log_in(client, person).headers["Location"] == CONFIRM
        client.post(CONFIRM, {"code": outbox.last_code(person.email)})
        client.post("/accounts/logout/")
    for person in (alice, bob):
        assert _log_in(client, person).headers["Location"] == "/wallet"
        client.post("/accounts/logout/")


def test_staff_confirm_their_browser_too(client: Client) -> None:
    staff = User(email="staff@example.com", is_staff=True)
    staff.set_password(PASSWORD)
    staff.save()
    assert _log_in(client, staff).headers["Location"] == CONFIRM
    client.post(CONFIRM, {"code": outbox.last_code(staff.email)})
    assert client.get("/security/devices").status_code == 200


@pytest.mark.parametrize(
    ("case", "text"), [("nothing", ""), ("words", "no code"), ("a long text", "1" * 5000)]
)
def test_what_is_no_code_logs_nobody_in(client: Client, alice: User, case: str, text: str) -> None:
    _log_in(client, alice)
    assert client.post(CONFIRM, {"code": text}).status_code == 422, case
    assert not LoginSession.objects.exists(), case


def test_five_wrong_tries_end_the_code_and_a_new_one_is_offered(
    client: Client, alice: User
) -> None:
    _log_in(client, alice)
    code = outbox.last_code(alice.email)
    for _attempt in range(5):
        client.post(CONFIRM, {"code": _wrong(code)})
    assert "This code is over" in _words(client.post(CONFIRM, {"code": code}))
    assert client.post(CONFIRM, {"send": "1"}).headers["Location"] == CONFIRM
    fresh = outbox.last_code(alice.email)
    assert client.post(CONFIRM, {"code": fresh}).headers["Location"] == "/wallet"


def test_tries_are_counted_over_all_codes_of_an_hour(client: Client, alice: User) -> None:
    for _log_in_again in range(4):
        browser = Client()
        _log_in(browser, alice)
        code = outbox.last_code(alice.email)
        for _attempt in range(4):
            browser.post(CONFIRM, {"code": _wrong(code)})
    _log_in(client, alice)
    refused = client.post(CONFIRM, {"code": outbox.last_code(alice.email)})
    assert refused.status_code == 422
    assert not LoginSession.objects.exists()


def test_codes_are_not_sent_without_end(client: Client, alice: User) -> None:
    _log_in(client, alice)
    answers = [client.post(CONFIRM, {"send": "1"}).status_code for _ask in range(10)]
    assert answers == [302] * 9 + [429]


def test_a_code_in_another_browser_confirms_nothing(client: Client, alice: User) -> None:
    thief = Client()
    _log_in(thief, alice)
    _log_in(client, alice)
    code = outbox.last_code(alice.email)
    assert thief.post(CONFIRM, {"code": code}).status_code == 422
    assert client.post(CONFIRM, {"code": code}).headers["Location"] == "/wallet"


def test_without_a_log_in_under_way_there_is_nothing_to_confirm(client: Client) -> None:
    assert client.get(CONFIRM).headers["Location"] == "/accounts/login/"
    assert client.post(CONFIRM, {"code": "123456"}).headers["Location"] == "/accounts/login/"


def test_a_log_in_under_way_ends_with_the_password_it_was_begun_with(
    client: Client, alice: User
) -> None:
    _log_in(client, alice)
    code = outbox.last_code(alice.email)
    alice.set_password("another harbour of words")
    alice.save()
    assert client.post(CONFIRM, {"code": code}).headers["Location"] == "/accounts/login/"
    assert not LoginSession.objects.exists()


def test_a_log_in_under_way_ends_with_the_account(client: Client, alice: User) -> None:
    _log_in(client, alice)
    code = outbox.last_code(alice.email)
    Account.objects.filter(user=alice).update(status="DISABLED", disabled_at=clock.now())
    assert client.post(CONFIRM, {"code": code}).headers["Location"] == "/accounts/login/"


def test_an_operator_can_let_new_browsers_in_without_a_code(client: Client, alice: User) -> None:
    now = clock.now()
    policies.set_policy(
        DEVICE_CONFIRM_NEW, False, effective_from=now, author="operator", reason="test", at=now
    )
    assert _log_in(client, alice).headers["Location"] == "/wallet"
    assert SecurityEvent.objects.filter(user=alice, kind="device_added").exists()
    assert settings.DEVICE_COOKIE_NAME in client.cookies


def test_a_device_cookie_that_is_made_up_confirms_nothing(client: Client, alice: User) -> None:
    for value in ("x" * 43, "", ".", "a.b.c", "x" * 5000, "\u00e9" * 43):
        browser = Client()
        browser.cookies[settings.DEVICE_COOKIE_NAME] = value
        assert _log_in(browser, alice).headers["Location"] == CONFIRM


def test_next_leads_to_pages_of_ours_only(client: Client, alice: User) -> None:
    confirm_device(client, alice)
    for target in ("https://evil.example/", "//evil.example/", "javascript:1"):
        done = _log_in(client, alice, then=target)
        assert done.headers["Location"] == "/", target
        client.post("/accounts/logout/")


# --- limits ---


def _age(session: LoginSession, *, seen: timedelta, begun: timedelta) -> None:
    wall = clock.wall()
    LoginSession.objects.filter(id=session.id).update(
        seen_at=wall - seen, begun_at=wall - max(seen, begun)
    )


@pytest.mark.parametrize(
    ("case", "seen", "begun", "end", "words"),
    [
        ("idle", timedelta(minutes=31), timedelta(0), "IDLE", "after 30 minutes without use"),
        ("old", timedelta(0), timedelta(hours=12), "AGE", "a log-in lasts 12 hours"),
    ],
)
def test_a_log_in_that_lasted_too_long_leads_to_log_in_with_a_sentence(
    client: Client, alice: User, case: str, seen: timedelta, begun: timedelta, end: str, words: str
) -> None:
    session = sign_in(client, alice)
    _age(session, seen=seen, begun=begun)
    page = client.get("/wallet?page=1", follow=True)
    assert page.redirect_chain == [("/accounts/login/?next=/wallet%3Fpage%3D1", 302)], case
    assert words in _words(page), case
    assert LoginSession.objects.get(id=session.id).end == end, case
    assert not Session.objects.filter(session_key=session.session_key).exists(), case


def test_who_comes_back_after_the_sweep_is_told_too(client: Client, alice: User) -> None:
    session = sign_in(client, alice)
    accounts.presence.end_session(session_id=session.id, end="IDLE", wall=clock.wall())
    assert "without use" in _words(client.get("/wallet", follow=True))
    assert "without use" not in _words(client.get("/wallet", follow=True))


def test_a_public_page_stays_a_page_when_the_log_in_is_over(client: Client, alice: User) -> None:
    session = sign_in(client, alice)
    accounts.presence.end_session(session_id=session.id, end="REVOKED", wall=clock.wall())
    page = client.get("/help")
    assert page.status_code == 200
    assert "ended from another device" in _words(page)


def test_what_was_sent_too_late_is_not_sent_and_leads_back_to_its_page(
    client: Client, alice: User
) -> None:
    session = sign_in(client, alice)
    _age(session, seen=timedelta(hours=1), begun=timedelta(0))
    sent = client.post(
        "/security/devices/others/end", headers={"Referer": "http://testserver/security/devices"}
    )
    assert sent.headers["Location"] == "/accounts/login/?next=/security/devices"
    stray = client.post(
        "/security/devices/others/end", headers={"Referer": "https://evil.example/x"}
    )
    assert stray.headers["Location"] == "/accounts/login/?next=/"


def test_a_session_of_djangos_without_a_log_in_is_nobody(client: Client, alice: User) -> None:
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/wallet").headers["Location"] == "/accounts/login/?next=/wallet"


@pytest.mark.parametrize("status", ["DISABLED", "CLOSED"])
def test_the_log_in_of_an_account_that_is_not_open_is_over(
    client: Client, alice: User, status: str
) -> None:
    sign_in(client, alice)
    stamped = {"disabled_at" if status == "DISABLED" else "closed_at": clock.now()}
    Account.objects.filter(user=alice).update(status=status, **stamped)
    assert client.get("/wallet").status_code == 302


def test_logging_out_ends_the_log_in_and_is_written_down(client: Client, alice: User) -> None:
    session = sign_in(client, alice)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/accounts/logout/")
    assert LoginSession.objects.get(id=session.id).end == "LOGGED_OUT"
    assert SecurityEvent.objects.filter(user=alice, kind="logged_out").count() == 1
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert thief.get("/wallet").status_code == 302


def test_the_session_gets_a_new_key_at_log_in(client: Client, alice: User) -> None:
    confirm_device(client, alice)
    session = client.session
    session["anything"] = "before the log-in"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    _log_in(client, alice)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != session.session_key
    assert client.get("/wallet").status_code == 200


# --- the page ---


def test_the_page_lists_log_ins_and_devices_and_marks_this_one(client: Client, alice: User) -> None:
    sign_in(client, alice)
    sign_in(Client(), alice)
    words = _words(client.get("/security/devices"))
    assert words.count("this one") == 2
    assert words.count("Firefox on Linux") >= 4
    assert "local network" in words
    assert "127.0.0.1" in words


def test_one_log_in_is_ended_and_says_why(client: Client, alice: User) -> None:
    sign_in(client, alice)
    other = Client()
    session = sign_in(other, alice)
    client.post(f"/security/sessions/{session.id}/end")
    page = other.get("/wallet", follow=True)
    assert "ended from another device" in _words(page)
    assert client.get("/wallet").status_code == 200
    assert SecurityEvent.objects.filter(user=alice, kind="session_ended").count() == 1


def test_a_forgotten_device_is_out_and_must_be_confirmed_anew(client: Client, alice: User) -> None:
    sign_in(client, alice)
    other = Client()
    session = sign_in(other, alice)
    client.post(f"/security/devices/{session.device_id}/revoke")
    assert other.get("/wallet").status_code == 302
    assert _log_in(other, alice).headers["Location"] == CONFIRM


@pytest.mark.parametrize("what", ["session", "device"])
def test_ending_ones_own_leads_to_log_in(client: Client, alice: User, what: str) -> None:
    session = sign_in(client, alice)
    path = (
        f"/security/sessions/{session.id}/end"
        if what == "session"
        else f"/security/devices/{session.device_id}/revoke"
    )
    page = client.post(path, follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/login/"
    assert client.get("/wallet").status_code == 302


def test_ending_all_others_ends_a_copy_of_this_very_session_too(
    client: Client, alice: User
) -> None:
    sign_in(client, alice)
    thief, elsewhere = Client(), Client()
    thief.cookies = client.cookies.copy()
    sign_in(elsewhere, alice)
    assert thief.get("/wallet").status_code == 200
    page = client.post("/security/devices/others/end", follow=True)
    assert "1 other log-in is ended" in _words(page)
    assert [browser.get("/wallet").status_code for browser in (client, thief, elsewhere)] == [
        200,
        302,
        302,
    ]
    assert SecurityEvent.objects.filter(user=alice, kind="sessions_ended").count() == 1


@pytest.mark.parametrize("path", ["/security/sessions/{}/end", "/security/devices/{}/revoke"])
def test_what_is_anothers_is_answered_like_what_is_absent(
    client: Client, alice: User, path: str
) -> None:
    theirs = sign_in(Client(), alice)
    accounts.open_account(email="bob@example.com", password=PASSWORD, at=clock.now())
    sign_in(client, User.objects.get(email="bob@example.com"))
    of_alice = theirs.id if "sessions" in path else theirs.device_id
    answers = [client.post(path.format(number)) for number in (of_alice, 999_999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert LoginSession.objects.get(id=theirs.id).ended_at is None


@pytest.mark.parametrize(
    "path",
    ["/security/devices/others/end", "/security/sessions/1/end", "/security/devices/1/revoke"],
)
def test_looking_ends_nothing(member: Client, path: str) -> None:
    assert member.get(path).status_code == 405


def test_the_address_is_the_last_hop_of_ours(settings: Any, client: Client, alice: User) -> None:
    confirm_device(client, alice)
    forged = {"X-Forwarded-For": "198.51.100.66, 203.0.113.9"}
    fields = {"login": alice.email, "password": PASSWORD}
    client.post("/accounts/login/", fields, headers=forged)
    assert LoginSession.objects.latest("id").ip == "127.0.0.1"
    client.post("/accounts/logout/")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client.post("/accounts/login/", fields, headers=forged)
    assert LoginSession.objects.latest("id").ip == "203.0.113.9"


def test_a_mail_names_the_new_device(client: Client, alice: User) -> None:
    _log_in(client, alice)
    client.post(CONFIRM, {"code": outbox.last_code(alice.email)})
    kinds = [notice.kind for notice in outbox.messages(alice.email)]
    assert "device_added" in kinds
    assert not mail.outbox
