"""Second factors in a browser: a passkey with a virtual authenticator, an app without script."""

import re

import pytest
from playwright.sync_api import expect

from mooring.accounts.models import Hold
from tests.web import conftest as web

from .proving import (
    app_code,
    confirm_by_mail,
    give_password,
    keep_codes,
    log_out,
    plug_in_authenticator,
)


def test_a_passkey_is_made_and_logs_in(at_home) -> None:
    open_at_home, complaints = at_home
    page = open_at_home()
    tool, authenticator = plug_in_authenticator(page)
    give_password(page)
    page.wait_for_url("/")
    page.goto("/security/factors")
    page.click("main a:has-text('Add a passkey')")
    page.fill("[name=name]", "Laptop")
    page.click("button:has-text('Make the passkey')")
    confirm_by_mail(page)
    assert len(keep_codes(page)) == 10
    expect(page.locator("main")).to_contain_text("Laptop")
    log_out(page)
    give_password(page)
    page.wait_for_url("**/accounts/factor/")
    page.click("button:has-text('Log in with a passkey')")
    page.wait_for_url("/")
    # It confirms a sensitive action as well.
    page.goto("/security/factors")
    page.click("button:has-text('Make new ones')")
    page.fill("[name=password]", web.PASSWORD)
    page.click("button:has-text('Confirm with a passkey')")
    keep_codes(page)
    # A device without the person's passkey says so, and nothing happens.
    tool.send("WebAuthn.clearCredentials", authenticator)
    log_out(page)
    give_password(page)
    page.click("button:has-text('Log in with a passkey')")
    expect(page.locator("[data-passkey-problem=refused]")).to_be_visible()
    assert not Hold.objects.filter(cause="LOWER_FACTOR").exists()
    assert complaints == []


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_an_app_is_added_and_logs_in_without_script(at_home, phone: bool) -> None:
    open_at_home, complaints = at_home
    page = open_at_home(script=False, phone=phone)
    give_password(page)
    page.wait_for_url("/")
    page.goto("/security/factors/app")
    secret = re.sub(r"\s", "", page.locator("main code").inner_text())
    expect(page.locator("main img")).to_be_visible()
    page.fill("[name=code]", app_code(secret, step=-1))
    page.click("main button.button--wide")
    confirm_by_mail(page)
    codes = keep_codes(page)
    log_out(page)
    give_password(page)
    page.wait_for_url("**/accounts/factor/")
    page.fill("[name=code]", "000000")
    page.click("main button:has-text('Log in')")
    expect(page.locator("main")).to_contain_text("The code is not right")
    page.fill("[name=code]", app_code(secret))
    page.click("main button:has-text('Log in')")
    page.wait_for_url("/")
    # The app is lost: a recovery code lets in, and withdrawals wait.
    log_out(page)
    give_password(page)
    page.click("main a:has-text('Recovery code')")
    page.fill("[name=code]", codes[0])
    page.click("main button:has-text('Log in')")
    page.wait_for_url("/")
    assert Hold.objects.filter(cause="LOWER_FACTOR").exists()
    assert complaints == []
