"""How somebody proves in a browser who they are: password, codes from the mail, app, passkey."""

import time
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client
from playwright.sync_api import CDPSession, Page, expect

from mooring.accounts.models import User
from mooring.accounts.proofs import totp
from mooring.kernel import clock
from tests.notices import outbox
from tests.web import conftest as web
from tests.web.signing_in import sign_in

from .conftest import EMAIL

#: A page needs less than the rest of a half minute, also on a slow machine.
_EARLY: Final = 12

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def enter(page: Page, address: str, user: User) -> None:
    """Log somebody in without the pages of logging in."""
    client = Client()
    sign_in(client, user)
    names = (settings.SESSION_COOKIE_NAME, settings.DEVICE_COOKIE_NAME)
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": address} for name in names]
    )


def give_password(page: Page, password: str = web.PASSWORD, *, login: str = EMAIL) -> None:
    """Give Alice's password at the log-in page; what follows is another matter."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.click("main button:has-text('Log in')")


def confirm_with(page: Page, code: str) -> None:
    """Confirm what is shown with the password and a code."""
    page.wait_for_url("**/security/confirm/*")
    page.fill("[name=password]", web.PASSWORD)
    page.fill("[name=code]", code)
    page.click("main button.button--wide")


def confirm_by_mail(page: Page) -> None:
    """Confirm what is shown with the password and the code that was mailed."""
    page.wait_for_url("**/security/confirm/*")
    confirm_with(page, outbox.last_code(EMAIL))


def keep_codes(page: Page) -> list[str]:
    """Take the recovery codes that are shown, as a file too, and go on."""
    expect(page.locator("h1")).to_have_text("Keep these recovery codes")
    codes = page.locator("main li code").all_inner_texts()
    with page.expect_download() as saved:
        page.click("text=Save as a file")
    assert saved.value.path().read_text().split() == codes
    page.click("text=I have kept them")
    page.wait_for_url("**/security/factors")
    return codes


def log_out(page: Page) -> None:
    """Leave, without the menu."""
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def plug_in_authenticator(page: Page) -> tuple[CDPSession, dict[str, Any]]:
    """Give the browser an authenticator; return the tool that rules it, and its id for the tool."""
    tool = page.context.new_cdp_session(page)
    tool.send("WebAuthn.enable")
    made = tool.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    return tool, {"authenticatorId": made["authenticatorId"]}


def give_app(user: User) -> str:
    """Give somebody an authenticator app, without the pages of adding it; return its secret."""
    begun = totp.begin_enrolment(user_id=user.pk)
    Authenticator.objects.create(user=user, type="totp", data={"secret": begun.sealed})
    return begun.key.replace(" ", "")


def app_code(secret: str, *, step: int = 0) -> str:
    """
    Return what an app with this secret shows, `step` half minutes from now.

    That of the half minute before is good until this one ends: with little of it left, the next
    is waited for.
    """
    while step < 0 and clock.wall().timestamp() % 30 > _EARLY:
        time.sleep(1)
    now = int(clock.wall().timestamp()) // 30
    return format_hotp_value(hotp_value(secret, now + step))
