"""The message of a change says until when withdrawals wait because of it."""

import pytest

from mooring.accounts.models import Hold
from tests.notices.outbox import last_code, messages
from tests.web.conftest import PASSWORD

ALICE, NEW = "alice@example.com", "alice@another.example"


def confirm(client, address):
    client.post(address, {"way": "email", "password": PASSWORD, "code": last_code(ALICE)})


def change_password(client):
    new = {"password": "another four random harbours"}
    confirm(client, client.post("/security/password", new)["Location"])


def change_email(client):
    page = client.post("/security/email", {"to": NEW})["Location"]
    confirm(client, client.post(page, {"code": last_code(NEW)})["Location"])


def switch_codes_on(client):
    answer = client.post("/security/factors/codes", {"channel": "EMAIL", "to": "on"})
    confirm(client, answer["Location"])


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("password_changed", change_password),
        ("email_changed", change_email),
        ("factor_added", switch_codes_on),
    ],
)
def test_it_says_until_when_withdrawals_wait(member, kind, change):
    change(member)
    [told] = [one for one in messages(ALICE) if one.kind == kind]
    assert f"withdrawals wait until {Hold.objects.get().ends_at:%Y-%m-%d %H:%M} UTC" in told.body
