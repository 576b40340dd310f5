"""The page of a new password asks for the second factor of who has one."""

import json
import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from mooring.accounts.models import CodeFactor, User
from mooring.accounts.proofs import totp
from mooring.kernel import clock
from tests.accounts.soft_passkey import SoftPasskey
from tests.notices import outbox
from tests.web.test_factor_pages import app_code, has_passkey, options_of

pytestmark = pytest.mark.django_db

FRESH = "another harbour of words"
SECRET = "JBSWY3DPEHPK3PXP" * 2
NEW = "/accounts/password/reset/new/"


@pytest.fixture
def reader(alice: User) -> Callable[[], Client]:
    """Return what makes a browser whose visitor has read the mail."""

    def read() -> Client:
        browser = Client()
        browser.post("/accounts/password/reset/", {"identifier": alice.email})
        sent = {"code": outbox.last_code(alice.email)}
        assert browser.post("/accounts/password/reset/code/", sent).headers["Location"] == NEW
        return browser

    return read


def test_an_app_is_asked_for_its_code(alice: User, reader: Callable[[], Client]) -> None:
    Authenticator.objects.create(
        user=alice,
        type=Authenticator.Type.TOTP,
        data={"secret": totp.seal(SECRET, user_id=alice.pk)},
        created_at=clock.wall(),
    )
    browser = reader()
    assert 'name="code"' in browser.get(NEW).content.decode()
    for given in ({}, {"code": "000000"}):
        page = browser.post(NEW, {"password": FRESH, "way": "totp", **given})
        assert page.status_code == 422
        assert "code" in page.context["form"].errors
    assert not _has(alice, FRESH)
    done = browser.post(NEW, {"password": FRESH, "way": "totp", "code": app_code(SECRET)})
    assert done.headers["Location"] == "/accounts/login/"
    assert _has(alice, FRESH)


def test_a_code_by_sms_is_sent_when_it_is_asked_for(
    alice: User, reader: Callable[[], Client]
) -> None:
    User.objects.filter(pk=alice.pk).update(phone="+4915123456789")
    CodeFactor.objects.create(user=alice, channel="SMS", added_at=clock.wall())
    browser = reader()
    assert 'name="send"' in browser.get(NEW).content.decode()
    assert browser.post(NEW, {"way": "sms", "send": "1"}).headers["Location"] == f"{NEW}?way=sms"
    code = outbox.last_code("+4915123456789")
    browser.post(NEW, {"password": FRESH, "way": "sms", "code": code})
    assert _has(alice, FRESH)


def test_a_passkey_answers_for_this_new_password_only(
    member: Client, alice: User, reader: Callable[[], Client]
) -> None:
    device = SoftPasskey()
    has_passkey(alice, device, member)
    first, second = reader(), reader()
    asked = options_of(first.get(NEW))
    second.get(NEW)
    answer = {"password": FRESH, "way": "passkey", "passkey": json.dumps(device.get(asked))}
    assert second.post(NEW, answer).status_code == 422
    assert not _has(alice, FRESH)
    assert first.post(NEW, answer).headers["Location"] == reverse("account_login")
    assert _has(alice, FRESH)


def test_codes_that_are_sent_too_often_are_a_sentence(
    alice: User, reader: Callable[[], Client]
) -> None:
    User.objects.filter(pk=alice.pk).update(phone="+4915123456789")
    CodeFactor.objects.create(user=alice, channel="SMS", added_at=clock.wall())
    browser = reader()
    answers = [browser.post(NEW, {"way": "sms", "send": "1"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 4 + [429] * 2
    assert re.search("Too many codes", answers[-1].content.decode())


def _has(user: User, password: str) -> bool:
    user.refresh_from_db()
    return user.check_password(password)
