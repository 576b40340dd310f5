"""Second factors in a browser: a passkey with a virtual authenticator, an app without script."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from playwright.sync_api import Page, expect

from mooring.accounts.models import Hold, User
from mooring.kernel import clock
from tests.notices import outbox
from tests.web import conftest as web

from .conftest import EMAIL, Complaints, OpenPage, Site, confirmed_device


@pytest.fixture
def at_home(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> tuple[Callable[..., Page], Callable[[], list[str]]]:
    """
    Open browsers that go by the site's name: a passkey is bound to a name, not to a number.

    Returns how to open one in which Alice has confirmed herself before, and the complaints.
    """
    open_one, complaints = open_page
    home = site.address.replace("127.0.0.1", "localhost")

    def open_at_home(**given: object) -> Page:
        page = open_one(**given)
        page.home = home
        _, token = confirmed_device(User.objects.get(email=EMAIL))
        cookie = {"name": settings.DEVICE_COOKIE_NAME, "value": token}
        page.context.add_cookies([{**cookie, "domain": "localhost", "path": "/"}])
        return page

    def complained() -> list[str]:
        return [one for one in complaints if not one.startswith(f"foreign: {home}")]

    return open_at_home, complained


def give_password(page: Page) -> None:
    page.goto(f"{page.home}/accounts/login/")
    page.fill("[name=login]", EMAIL)
    page.fill("[name=password]", web.PASSWORD)
    page.click("main button:has-text('Log in')")


def confirm_by_mail(page: Page) -> None:
    """Confirm what is shown with the password and the code that was mailed."""
    page.wait_for_url("**/security/confirm/*")
    page.fill("[name=password]", web.PASSWORD)
    page.fill("[name=code]", outbox.last_code(EMAIL))
    page.click("main button.button--wide")


def keep_codes(page: Page) -> list[str]:
    expect(page.locator("h1")).to_have_text("Keep these recovery codes")
    codes = page.locator("main li code").all_inner_texts()
    with page.expect_download() as saved:
        page.click("text=Save as a file")
    assert saved.value.path().read_text().split() == codes
    page.click("text=I have kept them")
    page.wait_for_url("**/security/factors")
    return codes


def log_out(page: Page) -> None:
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def test_a_passkey_is_made_and_logs_in(at_home) -> None:
    open_at_home, complained = at_home
    page = open_at_home()
    tool = page.context.new_cdp_session(page)
    tool.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = tool.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    give_password(page)
    page.wait_for_url(f"{page.home}/")
    page.goto(f"{page.home}/security/factors")
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
    page.wait_for_url(f"{page.home}/")
    # It confirms a sensitive action as well.
    page.goto(f"{page.home}/security/factors")
    page.click("button:has-text('Make new ones')")
    page.fill("[name=password]", web.PASSWORD)
    page.click("button:has-text('Confirm with a passkey')")
    keep_codes(page)
    # A device without the person's passkey says so, and nothing happens.
    authenticator = {"authenticatorId": made["authenticatorId"]}
    tool.send("WebAuthn.clearCredentials", authenticator)
    log_out(page)
    give_password(page)
    page.click("button:has-text('Log in with a passkey')")
    expect(page.locator("[data-passkey-problem=refused]")).to_be_visible()
    assert not Hold.objects.filter(cause="LOWER_FACTOR").exists()
    assert complained() == []


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_an_app_is_added_and_logs_in_without_script(at_home, phone: bool) -> None:
    open_at_home, complained = at_home
    page = open_at_home(script=False, phone=phone)
    give_password(page)
    page.wait_for_url(f"{page.home}/")
    page.goto(f"{page.home}/security/factors/app")
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
    page.wait_for_url(f"{page.home}/")
    # The app is lost: a recovery code lets in, and withdrawals wait.
    log_out(page)
    give_password(page)
    page.click("main a:has-text('Recovery code')")
    page.fill("[name=code]", codes[0])
    page.click("main button:has-text('Log in')")
    page.wait_for_url(f"{page.home}/")
    assert Hold.objects.filter(cause="LOWER_FACTOR").exists()
    assert complained() == []


def app_code(secret: str, *, step: int = 0) -> str:
    now = int(clock.wall().timestamp()) // 30
    return format_hotp_value(hotp_value(secret, now + step))
