"""What protects an account, in a browser: factors that go and change, freezing, the way back."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from mooring.accounts.models import Account, Hold, Recovery, User
from tests.accounts.drawn import picture
from tests.notices import outbox
from tests.web import conftest as web

from .conftest import EMAIL, Complaints, OpenPage, Site
from .proving import (
    app_code,
    confirm_by_mail,
    confirm_with,
    enter,
    give_app,
    give_password,
    keep_codes,
    log_out,
    plug_in_authenticator,
)
from .reading import both_ways, says, waits_because

Opened = tuple[OpenPage, Complaints]
PHONE = "+4915112345678"
FRESH = "another harbour of calm words"


def give_code(page: Page, code: str) -> None:
    """Give the second factor of a log-in."""
    page.fill("[name=code]", code)
    page.click("main button:has-text('Log in')")


# Factors that go


@both_ways
def test_the_app_is_removed_and_withdrawals_wait(
    at_home: Opened, alice: User, script: bool
) -> None:
    open_one, complaints = at_home
    secret = give_app(alice)
    page = open_one(script=script)
    give_password(page)
    give_code(page, app_code(secret, step=-1))
    page.goto("/security/factors")
    page.click("main button:has-text('Remove')")
    says(page, "Remove a second factor", "It is your last strong factor", "Withdrawals wait")
    confirm_with(page, "000000")
    says(page, "The code is not right")
    assert Authenticator.objects.exists()
    # The password was right, and is not asked for again.
    page.fill("[name=code]", app_code(secret))
    page.click("main button:has-text('Confirm')")
    page.wait_for_url("**/security/factors")
    expect(page.locator("body")).to_contain_text("It was removed")
    says(page, "You have none yet")
    assert "A second factor was removed" in outbox.messages(EMAIL)[-1].subject
    waits_because(page, "a second factor was changed or removed")
    log_out(page)
    give_password(page)
    page.wait_for_url("/")
    assert complaints == []


def test_a_passkey_is_removed_and_the_app_stays(at_home: Opened, alice: User) -> None:
    open_one, complaints = at_home
    secret = give_app(alice)
    page = open_one()
    plug_in_authenticator(page)
    give_password(page)
    give_code(page, app_code(secret, step=-1))
    page.goto("/security/factors/passkey")
    page.fill("[name=name]", "Laptop")
    page.click("button:has-text('Make the passkey')")
    confirm_with(page, app_code(secret))
    keep_codes(page)
    page.click("main button:has-text('Remove: Laptop')")
    says(page, "Remove a second factor", "Laptop")
    assert "last strong factor" not in page.inner_text("main")
    page.fill("[name=password]", web.PASSWORD)
    page.click("button:has-text('Confirm with a passkey')")
    page.wait_for_url("**/security/factors")
    assert "Laptop" not in page.inner_text("main")
    says(page, "Your best factor: Authenticator app", "of ten are unused")
    waits_because(page, "a second factor was changed or removed")
    log_out(page)
    give_password(page)
    page.wait_for_url("**/accounts/factor/")
    expect(page.locator("main label")).to_have_text("Authenticator app")
    assert complaints == []


def test_no_way_is_offered_that_would_be_refused_in_the_end(at_home: Opened, alice: User) -> None:
    open_one, _ = at_home
    secret = give_app(alice)
    page = open_one(script=False)
    give_password(page)
    give_code(page, app_code(secret, step=-1))
    page.goto("/security/factors")
    page.click("main button:has-text('Switch on: Code by e-mail')")
    confirm_with(page, app_code(secret))
    page.wait_for_url("**/security/factors")
    # What we send removes no last strong factor: it is not asked for, nor by its address.
    page.click("main button:has-text('Remove')")
    expect(page.locator("main label")).to_have_text(["Password", "Authenticator app"])
    assert "Code by e-mail" not in page.inner_text("main")
    page.goto(f"{page.url}?way=email")
    expect(page.locator("main label")).to_have_text(["Password", "Authenticator app"])
    # For anything else it is.
    page.goto("/security/factors")
    page.click("main button:has-text('Switch off: Code by e-mail')")
    page.click("main a:has-text('Code by e-mail')")
    says(page, "You have a stronger way")


# Codes that are sent


@both_ways
@pytest.mark.parametrize(
    ("name", "to", "shown"),
    [("Code by e-mail", EMAIL, "a•••"), ("Code by SMS", PHONE, "•••")],
    ids=["mail", "sms"],
)
def test_codes_that_we_send_are_switched_on_asked_for_and_switched_off(
    at_home: Opened, alice: User, script: bool, name: str, to: str, shown: str
) -> None:
    open_one, complaints = at_home
    User.objects.filter(pk=alice.pk).update(phone=PHONE)
    page = open_one(script=script)
    give_password(page)
    page.wait_for_url("/")
    page.goto("/security/factors")
    page.click(f"main button:has-text('Switch on: {name}')")
    says(page, name, "switched on", "Withdrawals wait")
    confirm_by_mail(page)
    expect(page.locator("main .tag--good")).to_have_text("on")
    waits_because(page, "a second factor was added")
    # It is asked for at the next log-in, and a code of it is good once.
    log_out(page)
    give_password(page)
    page.wait_for_url("**/accounts/factor/")
    give_code(page, "000000")
    says(page, "The code is not right. 4 tries are left with it.")
    give_code(page, outbox.last_code(to))
    page.wait_for_url("/")
    # And it confirms that it is switched off again.
    page.goto("/security/factors")
    page.click(f"main button:has-text('Switch off: {name}')")
    says(page, name, "switched off")
    confirm_with(page, outbox.last_code(to))
    page.wait_for_url("**/security/factors")
    assert page.locator("main .tag--good").count() == 0
    log_out(page)
    give_password(page)
    page.wait_for_url("/")
    assert complaints == []


# Recovery codes


@both_ways
def test_recovery_codes_made_anew_let_in_once_and_end_those_before(
    at_home: Opened, alice: User, script: bool
) -> None:
    open_one, complaints = at_home
    secret = give_app(alice)
    page = open_one(script=script)
    give_password(page)
    give_code(page, app_code(secret, step=-1))
    made = []
    for step in (0, 1):
        page.goto("/security/factors")
        page.click("main button:has-text('Make new ones')")
        says(page, "Codes from before", "are no longer good")
        confirm_with(page, app_code(secret, step=step))
        made.append(keep_codes(page))
    before, after = made
    assert not set(before) & set(after)
    log_out(page)
    give_password(page)
    page.click("main a:has-text('Recovery code')")
    says(page, "You have a stronger way")
    give_code(page, before[0])
    says(page, "The code is not right, or was used already")
    give_code(page, after[0])
    page.wait_for_url("/")
    page.goto("/security/factors")
    says(page, "9 of ten are unused")
    assert "A recovery code was used" in [mail.subject for mail in outbox.messages(EMAIL)]
    waits_because(page, "something was confirmed with a weaker factor")
    log_out(page)
    give_password(page)
    page.click("main a:has-text('Recovery code')")
    give_code(page, after[0])
    says(page, "The code is not right, or was used already")
    assert complaints == []


def test_a_code_of_the_app_lets_one_browser_in_and_no_second(at_home: Opened, alice: User) -> None:
    open_one, _ = at_home
    secret = give_app(alice)
    mine, thief = open_one(), open_one(phone=True)
    for page in (mine, thief):
        give_password(page)
        page.wait_for_url("**/accounts/factor/")
    seen = app_code(secret)
    give_code(mine, seen)
    mine.wait_for_url("/")
    give_code(thief, seen)
    says(thief, "was used already", "Wait for the next one")
    assert not Hold.objects.filter(cause="LOWER_FACTOR").exists()


# Freezing, and the way back


def refused(page: Page, login: str) -> str:
    """Try to log in and return what the page says, without what was typed."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", web.PASSWORD)
    page.click("main button:has-text('Log in')")
    says(page, "Account not found. Check your e-mail or mobile number and your password.")
    return page.inner_text("main")


def freeze_by_link(page: Page) -> None:
    page.goto(f"/disable/{outbox.last_disable_token(EMAIL)}")
    says(page, "Nobody can log in any more", "Your money stays yours", "The way back")
    page.click("main button:has-text('Disable the account now')")
    page.wait_for_url("**/disabled")


def freeze_by_oneself(page: Page) -> None:
    page.goto("/security")
    page.click("main a:has-text('Disable the account')")
    page.click("main button:has-text('Disable the account now')")
    assert Account.objects.get(user__email=EMAIL).status == "OPEN"
    page.check("[name=sure]")
    page.click("main button:has-text('Disable the account now')")
    page.wait_for_url("**/disabled")


@both_ways
def test_a_stranger_with_the_mail_freezes_the_account(
    open_page: Opened, site: Site, alice: User, script: bool
) -> None:
    open_one, complaints = open_page
    thief, phone = open_one(script=script), open_one(script=script, phone=True)
    enter(thief, site.address, alice)
    thief.goto("/wallet")
    # Somebody has her password and is asked for more: the mail with the code holds the link.
    give_password(open_one(script=script))
    # Looking changes nothing; mailboxes open links by themselves.
    phone.goto(f"/disable/{outbox.last_disable_token(EMAIL)}")
    phone.click("main a:has-text('Cancel, change nothing')")
    assert Account.objects.get(user=alice).status == "OPEN"
    freeze_by_link(phone)
    says(phone, "The account is disabled", "Your money stays where it is")
    assert "Your account is disabled" in outbox.messages(EMAIL)[-1].subject
    thief.goto("/wallet")
    assert "/accounts/login/" in thief.url
    says(thief, "You were logged out")
    expect(thief.locator("main")).not_to_contain_text("is disabled")
    assert refused(thief, EMAIL) == refused(thief, "nobody@example.com")
    # From the answer that everybody gets, a link leads on.
    thief.click("main a:has-text('account disabled')")
    says(thief, "Get back into your account")
    # The button that was already on a screen, pressed again, is no error.
    phone.go_back()
    phone.click("main button:has-text('Disable the account now')")
    says(phone, "The account is disabled")
    assert complaints == []


def ask_for_it_back(page: Page) -> None:
    page.goto("/recovery")
    page.fill("[name=identifier]", EMAIL)
    page.click("main button:has-text('Send me a code')")
    page.fill("[name=code]", outbox.last_code(EMAIL))
    page.click("main button:has-text('Continue')")
    page.wait_for_url("**/recovery/state")


def reviewer() -> User:
    rita = User.objects.create(email="rita@example.com", is_staff=True)
    give_app(rita)
    return rita


def show_who_one_is(page: Page) -> None:
    page.goto("/verification/1")
    page.fill("[name=legal_name]", "Alice Harbour")
    page.fill("[name=birth_date]", "1990-02-28")
    page.select_option("[name=country]", "DE")
    for name in ("identity_front", "portrait"):
        photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture((900, 1200))}
        page.set_input_files(f"[name={name}]", [photo])
    page.click("main button:has-text('Send')")
    page.click("main button:has-text('Approve this myself')")
    says(page, "Verified")


@both_ways
def test_a_frozen_account_comes_back_by_wait_and_reviewer(
    open_page: Opened, site: Site, alice: User, script: bool
) -> None:
    open_one, complaints = open_page
    give_app(alice)
    page, desk = open_one(script=script, phone=True), open_one(script=script)
    enter(page, site.address, alice)
    show_who_one_is(page)
    freeze_by_oneself(page)
    page.click("main a:has-text('Recovery')")
    ask_for_it_back(page)
    says(page, "Ask for your account back", "a reviewer gets in touch")
    page.click("main button:has-text('Begin the recovery')")
    says(page, "The recovery has begun", "not yet approved", "choose a new password")
    assert "/recovery/cancel/" in outbox.messages(EMAIL)[-1].body
    # The wait alone opens nothing.
    page.click("button:has-text('+7 days')")
    ask_for_it_back(page)
    says(page, "A reviewer has still to approve", "not yet approved")
    assert page.locator("main form").count() == 0
    enter(desk, site.address, reviewer())
    desk.goto("/staff/recoveries")
    says(desk, EMAIL, "Verified level")
    desk.fill("main [name=reason]", "met in a call, with a letter of the bank")
    desk.click("main button:has-text('Approve')")
    says(desk, "approved", "a letter of the bank")
    assert "Your recovery was approved" in outbox.messages(EMAIL)[-1].subject
    page.reload()
    page.fill("[name=password]", "short")
    page.click("main button:has-text('Open the account again')")
    says(page, "at least 12")
    assert Account.objects.get(user=alice).status == "DISABLED"
    page.fill("[name=password]", FRESH)
    page.click("main button:has-text('Open the account again')")
    expect(page.locator("body")).to_contain_text("Your account is yours again")
    _log_in_again(page)
    assert complaints == []


def _log_in_again(page: Page) -> None:
    """The old password is no longer good; the new one is, from a browser confirmed anew."""
    refused(page, EMAIL)
    give_password(page, FRESH)
    page.wait_for_url("**/accounts/device/")
    page.fill("[name=code]", outbox.last_code(EMAIL))
    page.click("main button:has-text('Confirm and log in')")
    page.wait_for_url("/")
    waits_because(page, "the account was recovered")
    assert not Authenticator.objects.filter(user__email=EMAIL).exists()


def test_a_running_recovery_is_stopped_where_the_owner_is_logged_in(
    open_page: Opened, site: Site, alice: User
) -> None:
    open_one, complaints = open_page
    secret = give_app(alice)
    thief, owner = open_one(), open_one(script=False, phone=True)
    ask_for_it_back(thief)
    thief.fill("[name=password]", web.PASSWORD)
    thief.click("main button:has-text('Continue')")
    thief.click("main button:has-text('Begin the recovery')")
    link = f"/recovery/cancel/{outbox.last_link_token(EMAIL)}"
    enter(owner, site.address, alice)
    owner.goto("/")
    owner.click("text=Look at it, and cancel it if it was not you")
    says(owner, "Somebody asked to recover your account")
    owner.click("main button:has-text('Cancel the recovery')")
    says(owner, "No recovery is open")
    # The link in the mail is a dead end for nobody, now that there is nothing to cancel.
    owner.goto(link)
    says(owner, "There is nothing to cancel")
    assert Recovery.objects.get().cancelled_at is not None
    assert "recovery was cancelled" in outbox.messages(EMAIL)[-1].subject
    # The factor still lets its owner in.
    log_out(owner)
    give_password(owner)
    give_code(owner, app_code(secret))
    owner.wait_for_url("/")
    assert complaints == []


# What people are told


@both_ways
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_inbox_counts_what_is_new_until_it_is_read(
    open_page: Opened, site: Site, alice: User, script: bool, phone: bool
) -> None:
    open_one, complaints = open_page
    page = open_one(script=script, phone=phone)
    enter(page, site.address, alice)
    show_who_one_is(page)
    page.goto("/security/factors")
    page.click("main button:has-text('Switch on: Code by e-mail')")
    confirm_by_mail(page)
    page.wait_for_url("**/security/factors")
    new = len(outbox.inbox(alice))
    assert new >= 2
    _open_inbox(page, count=new)
    says(page, "A second factor was added")
    page.click("main button:has-text('Mark as read: A second factor was added')")
    page.wait_for_url("**/notices")
    expect(page.locator("main .tag--accent")).to_have_count(new - 1)
    _open_inbox(page, count=new - 1)
    page.click("main button:has-text('Mark all as read')")
    expect(page.locator("main .tag--accent")).to_have_count(0)
    says(page, "A second factor was added")
    assert "new in your inbox" not in page.content()
    # What it advises can be followed.
    page.click("main article a[href='/security']")
    page.wait_for_url("**/security")
    assert complaints == []


def _open_inbox(page: Page, *, count: int) -> None:
    page.click("summary:has-text('Your account')")
    item = page.locator(".menu__item:has-text('Inbox')")
    expect(item).to_contain_text(f"{count} new in your inbox")
    item.click()
    page.wait_for_url("**/notices")


@both_ways
def test_a_wish_stays_off_and_security_is_told_always(
    open_page: Opened, site: Site, alice: User, script: bool
) -> None:
    open_one, complaints = open_page
    page = open_one(script=script)
    enter(page, site.address, alice)
    page.goto("/notices")
    page.click("main a:has-text('Preferences')")
    says(page, "Always on")
    assert page.locator("main [name=on][value^=SECURITY]").count() == 0
    wishes = page.locator("[name=on][value^='ACCOUNT.']")
    for number in range(wishes.count()):
        wishes.nth(number).uncheck()
    page.click("main button:has-text('Save')")
    expect(page.locator("body")).to_contain_text("Saved.")
    page.goto("/notices/preferences")
    for number in range(wishes.count()):
        expect(wishes.nth(number)).not_to_be_checked()
    show_who_one_is(page)
    page.goto("/security/factors")
    page.click("main button:has-text('Switch on: Code by e-mail')")
    confirm_by_mail(page)
    page.wait_for_url("**/security/factors")
    told = [*outbox.inbox(alice), *outbox.messages(EMAIL)]
    kinds = [notice.kind for notice in told]
    assert "verification_approved" not in kinds
    assert kinds.count("factor_added") == 2
    assert complaints == []
