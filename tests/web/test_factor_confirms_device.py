"""A second factor that proves the mailbox of a new browser's code confirms the browser as well."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from mooring.accounts.models import CodeFactor, Device, Hold, User
from mooring.kernel import clock
from tests.notices import outbox
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db

FACTOR, DEVICE = "/accounts/factor/", "/accounts/device/"
NUMBER = "+4915112345678"


def gets_codes(user: User, channel: str) -> None:
    CodeFactor.objects.create(user=user, channel=channel, added_at=clock.wall())


def log_in(client: Client, name: str) -> None:
    sent = {"login": name, "password": PASSWORD, "next": "/wallet"}
    assert client.post(reverse("account_login"), sent).headers["Location"] == FACTOR


def test_a_code_by_mail_is_typed_once_in_a_new_browser(client: Client, alice: User) -> None:
    gets_codes(alice, "EMAIL")
    log_in(client, alice.email)
    client.get(FACTOR)
    done = client.post(FACTOR, {"way": "email", "code": outbox.last_code(alice.email)})
    assert done.headers["Location"] == "/wallet"
    assert settings.DEVICE_COOKIE_NAME in done.cookies
    assert client.get("/wallet").status_code == 200
    assert Device.objects.filter(user=alice).count() == 1
    # What a new browser means stays: its person is told, and withdrawals wait.
    assert Hold.objects.filter(cause="NEW_DEVICE").count() == 1
    kinds = [mail.kind for mail in outbox.messages(alice.email)]
    assert kinds.count("device_added") == 1
    assert "code_new_device" not in kinds


def test_a_wrong_code_by_mail_confirms_nothing(client: Client, alice: User) -> None:
    gets_codes(alice, "EMAIL")
    log_in(client, alice.email)
    client.get(FACTOR)
    right = outbox.last_code(alice.email)
    wrong = "111111" if right == "000000" else "000000"
    assert client.post(FACTOR, {"way": "email", "code": wrong}).status_code == 422
    assert not Device.objects.exists()


def test_a_code_to_the_number_does_not_prove_the_mailbox(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(phone=NUMBER)
    gets_codes(alice, "SMS")
    log_in(client, alice.email)
    client.get(FACTOR)
    done = client.post(FACTOR, {"way": "sms", "code": outbox.last_code(NUMBER)})
    assert done.headers["Location"] == DEVICE
    assert not Device.objects.exists()
    done = client.post(DEVICE, {"code": outbox.last_code(alice.email)})
    assert done.headers["Location"] == "/wallet"


def test_who_has_a_number_only_types_one_code_too(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(phone=NUMBER, email=None)
    gets_codes(alice, "SMS")
    log_in(client, NUMBER)
    client.get(FACTOR)
    done = client.post(FACTOR, {"way": "sms", "code": outbox.last_code(NUMBER)})
    assert done.headers["Location"] == "/wallet"


def test_the_mailbox_of_another_log_in_confirms_nothing(client: Client, alice: User) -> None:
    gets_codes(alice, "EMAIL")
    other = Client()
    for browser in (client, other):
        log_in(browser, alice.email)
        browser.get(FACTOR)
    code = outbox.last_code(alice.email)
    assert client.post(FACTOR, {"way": "email", "code": code}).status_code == 422
    assert other.post(FACTOR, {"way": "email", "code": code}).headers["Location"] == "/wallet"
    assert client.get("/wallet").status_code == 302
