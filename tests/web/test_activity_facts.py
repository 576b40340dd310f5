"""The record's sentences read the facts that the actions really write."""

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
    assert said("log_in_failed") == "3 log-ins failed before this one: the password was wrong"
