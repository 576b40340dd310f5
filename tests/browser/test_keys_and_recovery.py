"""A key is made, tried and revoked in a browser; a lost factor is replaced, or saved by a link."""

import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from mooring.accounts.models import ApiKey, Recovery, User
from mooring.kernel import clock
from tests.accounts.test_signatures import hmac_signed
from tests.notices import outbox
from tests.web import conftest as web

from .conftest import EMAIL, Complaints, OpenPage, log_in

Opened = tuple[OpenPage, Complaints]


def _confirm(page: Page) -> None:
    page.fill("[name=password]", web.PASSWORD)
    page.fill("[name=code]", outbox.last_code(EMAIL))
    page.locator("main form .button--wide").click()


def _stays_inside(page: Page) -> None:
    """Long texts break instead of making the page wider than the screen."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    right = page.locator("main .card").evaluate("card => card.getBoundingClientRect().right")
    assert right <= width


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_key_is_made_shown_once_and_revoked(open_page: Opened, phone: bool, script: bool) -> None:
    open_one, complaints = open_page
    page = open_one(phone=phone, script=script)
    log_in(page, then="/security/keys")
    page.click("main a.button:has-text('Make a key') >> nth=0")
    page.fill("[name=label]", "Harbour bot")
    page.check("[name=may_withdraw]")
    page.locator("main form .button--wide").click()
    expect(page.locator("main")).to_contain_text("write at least one")
    page.fill("[name=networks]", "203.0.113.0/24")
    page.locator("main form .button--wide").click()
    expect(page.locator("main")).to_contain_text("203.0.113.0/24")
    _stays_inside(page)
    _confirm(page)
    secret = page.inner_text("#api-secret")
    signed = hmac_signed(secret, b"timestamp=1700000000000")
    expect(page.locator("main")).to_contain_text(signed)
    _stays_inside(page)
    page.click("main a.button:has-text('I have kept the secret')")
    assert secret not in page.content()
    page.click("main a:has-text('Revoke')")
    expect(page.locator("main")).to_contain_text("Revoke the key Harbour bot?")
    page.click("main button:has-text('Revoke the key')")
    expect(page.locator("main")).to_contain_text("No keys")
    assert ApiKey.objects.get().end == "REVOKED"
    assert complaints == []


def _begin(page: Page) -> None:
    page.goto("/recovery")
    page.fill("[name=identifier]", EMAIL)
    page.click("main button:has-text('Send me a code')")
    page.fill("[name=code]", outbox.last_code(EMAIL))
    page.click("main button:has-text('Continue')")
    page.fill("[name=password]", web.PASSWORD)
    page.click("main button:has-text('Continue')")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_lost_factor_is_replaced_after_the_wait(
    open_page: Opened, script: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_one, complaints = open_page
    user = User.objects.get(email=EMAIL)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    page = open_one(script=script)
    _begin(page)
    page.click("main button:has-text('Begin the recovery')")
    expect(page.locator("main")).to_contain_text("The recovery has begun")
    ready_at = Recovery.objects.get().ready_at
    monkeypatch.setattr("mooring.web.visit.clock.now", lambda: max(ready_at, clock.wall()))
    _begin(page)
    page.click("main button:has-text('Complete the recovery')")
    expect(page.locator("main")).to_contain_text("Your account is yours again")
    page.fill("[name=login]", EMAIL)
    page.fill("[name=password]", web.PASSWORD)
    page.click("main button:has-text('Log in')")
    page.wait_for_url(re.compile("/accounts/device/"))
    assert not Authenticator.objects.exists()
    assert complaints == []


def test_the_owner_stops_a_recovery_from_the_mail(open_page: Opened) -> None:
    open_one, _complaints = open_page
    user = User.objects.get(email=EMAIL)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    thief, owner = open_one(), open_one(phone=True)
    _begin(thief)
    thief.click("main button:has-text('Begin the recovery')")
    owner.goto(f"/recovery/cancel/{outbox.last_link_token(EMAIL)}")
    owner.click("main button:has-text('Cancel the recovery')")
    expect(owner.locator("main")).to_contain_text("The recovery was cancelled")
    _begin(thief)
    expect(thief.locator("main")).to_contain_text("Begin the recovery")
    assert Recovery.objects.get().completed_at is None
