"""
A log-in that waits for its factor or its device, while its person changes how one gets in.

Whoever knows a password can have one waiting. It ends with everything else that was begun before.
"""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from mooring.accounts.actions import log_in as log_in_action
from mooring.accounts.actions.renew_staff_app import renew_staff_app
from mooring.accounts.models import Device, LoginSession, User
from mooring.accounts.presence import sessions
from mooring.accounts.presence.device_stage import DeviceStage
from mooring.accounts.proofs import totp
from mooring.kernel import clock
from tests.notices import outbox
from tests.web.conftest import PASSWORD
from tests.web.signing_in import confirm_device, sign_in
from tests.web.test_factor_pages import app_code, confirm

pytestmark = pytest.mark.django_db

DEVICE, FACTOR, LOG_IN = "/accounts/device/", "/accounts/factor/", "/accounts/login/"
SECRET = "JBSWY3DPEHPK3PXP" * 2


def wait_for_device(user: User) -> Client:
    """Give the right password in a browser that nobody confirmed."""
    browser = Client()
    asked = browser.post(LOG_IN, {"login": user.email, "password": PASSWORD, "next": "/wallet"})
    assert asked.headers["Location"] == DEVICE
    return browser


def give_code(browser: Client, user: User) -> Client:
    browser.post(DEVICE, {"code": outbox.last_code(user.email)})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/wallet").status_code == 200


def add_app(owner: Client) -> None:
    page = owner.get(reverse("factor_add_app")).content.decode()
    key = re.search(r'<code class="code">([A-Z2-7 ]+)</code>', page)
    assert key is not None
    code = app_code(key[1].replace(" ", ""))
    confirm(owner, owner.post(reverse("factor_add_app"), {"code": code}).url)


def has_app(user: User) -> None:
    Authenticator.objects.create(
        user=user,
        type="totp",
        data={"secret": totp.seal(SECRET, user_id=user.pk)},
        created_at=clock.wall(),
    )


def test_a_waiting_log_in_gets_in_if_nothing_happens(alice):
    assert is_in(give_code(wait_for_device(alice), alice))


def test_a_waiting_log_in_does_not_go_round_the_first_factor(alice):
    owner, stranger = Client(), wait_for_device(alice)
    sign_in(owner, alice)
    add_app(owner)
    assert Authenticator.objects.filter(user=alice, type="totp").exists()
    answer = stranger.post(DEVICE, {"send": "1"})
    assert answer.headers["Location"] == LOG_IN
    assert not is_in(stranger)
    assert is_in(owner)


def test_a_waiting_log_in_ends_with_all_others(alice):
    owner, stranger = Client(), wait_for_device(alice)
    sign_in(owner, alice)
    code = outbox.last_code(alice.email)
    owner.post("/security/devices/others/end")
    answer = stranger.post(DEVICE, {"code": code})
    assert answer.headers["Location"] == LOG_IN
    assert "given up" in stranger.get(LOG_IN).content.decode()
    assert not is_in(stranger)
    assert LoginSession.objects.filter(ended_at=None).count() == 1


def test_a_log_in_that_waits_for_its_factor_ends_with_all_others(alice):
    has_app(alice)
    owner, stranger = Client(), Client()
    sign_in(owner, alice)
    confirm_device(stranger, alice)
    asked = stranger.post(LOG_IN, {"login": alice.email, "password": PASSWORD})
    assert asked.headers["Location"] == FACTOR
    owner.post("/security/devices/others/end")
    stranger.post(FACTOR, {"way": "totp", "code": app_code(SECRET)})
    assert not is_in(stranger)


def test_a_reviewers_waiting_log_in_ends_with_the_app_that_it_was_begun_with(alice):
    alice.account.delete()
    has_app(alice)
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    stranger = Client()
    stranger.post(LOG_IN, {"login": alice.email, "password": PASSWORD})
    stranger.post(FACTOR, {"way": "totp", "code": app_code(SECRET)})
    renew_staff_app(email=alice.email, wall=clock.wall())
    answer = stranger.post(DEVICE, {"code": outbox.last_code(alice.email)})
    assert answer.headers["Location"] == LOG_IN
    assert not LoginSession.objects.exists()


def test_what_ends_after_the_last_look_is_seen_under_the_lock(alice, monkeypatch):
    """Between the page's own look and the log-in there is time for another request."""
    stranger = Client()
    confirm_device(stranger, alice)
    real = log_in_action.lock_log_in

    def late(user_id, *, epoch):
        end_sessions_of(user_id)
        return real(user_id, epoch=epoch)

    monkeypatch.setattr(log_in_action, "lock_log_in", late)
    answer = stranger.post(LOG_IN, {"login": alice.email, "password": PASSWORD})
    assert answer.headers["Location"] == LOG_IN
    assert "given up" in stranger.get(LOG_IN).content.decode()
    assert not is_in(stranger)
    assert not LoginSession.objects.exists()


def end_sessions_of(user_id: int) -> None:
    sessions.end_sessions(user_id, end=sessions.End.SECURITY, wall=clock.wall())


def test_no_device_is_confirmed_by_a_log_in_that_is_over(alice, monkeypatch):
    stranger = wait_for_device(alice)
    code = outbox.last_code(alice.email)
    alice.refresh_from_db()
    monkeypatch.setattr(DeviceStage, "is_still_right", lambda _stage: True)
    User.objects.filter(pk=alice.pk).update(log_in_epoch=alice.log_in_epoch + 1)
    assert stranger.post(DEVICE, {"code": code}).status_code == 422
    assert not Device.objects.filter(user=alice).exists()
    assert not is_in(stranger)
