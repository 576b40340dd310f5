"""The record's sentences read the facts that the actions really write."""

from datetime import timedelta

import pytest

from mooring.accounts import api as accounts
from mooring.accounts.models import SecurityEvent
from mooring.kernel import clock
from mooring.web.pages.activity import sentence
from tests.web.conftest import PASSWORD
from tests.web.signing_in import sign_in


def said(kind):
    event = SecurityEvent.objects.filter(kind=kind).latest("id")
    return sentence(accounts.Kind(event.kind), event.details)


@pytest.mark.parametrize(
    ("is_flagged", "words"),
    [
        (True, "The account was looked at by us"),
        (False, "A check of the account by us has ended"),
    ],
)
def test_a_review_begins_and_ends(alice, is_flagged, words):
    for state in (True, False)[: 1 if is_flagged else 2]:
        accounts.verification.set_compliance_flag(
            account_id=alice.account.pk, is_flagged=state, reviewer_id=None, at=clock.now()
        )
    assert said("compliance_flag_changed") == words


def test_a_device_that_was_removed_is_named(member, alice):
    device = alice.devices.get()
    member.post(f"/security/devices/{device.pk}/revoke")
    assert device.name in said("device_revoked")


def test_log_ins_that_failed_are_counted(client, alice):
    sign_in(client, alice)
    client.post("/accounts/logout/")
    for _attempt in range(3):
        client.post("/accounts/login/", {"login": alice.email, "password": "not the password"})
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert said("log_in_failed") == "3 log-ins failed"


@pytest.mark.parametrize(
    ("ip", "details", "shown"),
    [
        ("203.0.113.9", {"count": "2"}, ["2 log-ins failed", "unknown device", "203.0.113.9"]),
        (None, {"count": "7", "networks": "5"}, ["7 log-ins failed", "unknown", "5 networks"]),
        (None, {}, ["A log-in failed", "unknown"]),
    ],
)
def test_what_strangers_tried_is_not_the_platforms_doing(member, alice, ip, details, shown):
    SecurityEvent.objects.create(
        user=alice, kind="log_in_failed", details=details, ip=ip, at=clock.now()
    )
    page = member.get("/security/activity").content.decode()
    assert all(text in page for text in shown)
    assert "the platform" not in page


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        ("reset_asked", "A code for a new password was asked", "2 codes for a new password were"),
        ("reset_refused", "A code for a new password was not right", "2 codes for a new password"),
        ("recovery_asked", "A code to recover the account was asked", "2 codes to recover"),
        ("recovery_refused", "A code to recover the account was not", "2 codes to recover"),
    ],
)
def test_what_strangers_tried_is_said_in_words(kind, one, two):
    assert sentence(accounts.Kind(kind), {"count": "1"}).startswith(one)
    assert sentence(accounts.Kind(kind), {"count": "2"}).startswith(two)


def test_the_record_is_in_the_order_of_time(member, alice):
    for minutes in (0, -30):
        SecurityEvent.objects.create(
            user=alice,
            kind="reset_asked" if minutes else "hold_begun",
            at=clock.now() + timedelta(minutes=minutes),
        )
    page = member.get("/security/activity").content.decode()
    assert page.index("Withdrawals began to wait") < page.index("A code for a new password")
