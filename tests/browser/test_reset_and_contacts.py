"""A new password, forgotten or changed, another address or number, and the code in our mails."""

import pytest
from playwright.sync_api import Page, expect

from mooring.accounts.models import Account, Hold, User
from tests.notices import outbox
from tests.web import conftest as web

from .conftest import EMAIL, Complaints, OpenPage, Site
from .proving import (
    confirm_by_mail,
    confirm_with,
    enter,
    give_password,
    keep_codes,
    log_out,
    plug_in_authenticator,
)
from .reading import both_ways, last_mail, mailed_code, says, waits_because

Opened = tuple[OpenPage, Complaints]
FRESH = "another harbour of calm words"
NEW_EMAIL = "alice.harbour@example.com"
OLD_PHONE, NEW_PHONE = "+4915112345678", "+4915187654321"
#: As people write it.
TYPED_PHONE = "+49 151 8765 4321"
NOT_FOUND = "Account not found. Check your e-mail or mobile number and your password."


def lets_in(page: Page, password: str = web.PASSWORD, *, login: str = EMAIL) -> None:
    log_out(page)
    give_password(page, password, login=login)
    page.wait_for_url("/")


def refuses(page: Page, password: str = web.PASSWORD, *, login: str = EMAIL) -> None:
    log_out(page)
    give_password(page, password, login=login)
    says(page, NOT_FOUND)


def is_ended(page: Page) -> None:
    """Somebody's log-in is over, and the page says so."""
    page.goto("/wallet")
    assert "/accounts/login/" in page.url
    says(page, "You were logged out")


# A password that was forgotten


def ask_for_a_reset(page: Page, login: str = EMAIL) -> None:
    page.goto("/accounts/login/")
    page.click("main a:has-text('Forgot the password?')")
    page.fill("[name=identifier]", login)
    page.click("main button:has-text('Send a code')")
    says(page, "Enter the code", "If", "belongs to an open account")


def go_on_with(page: Page, code: str) -> None:
    page.fill("[name=code]", code)
    page.click("main button:has-text('Continue')")


def choose(page: Page, password: str) -> None:
    page.fill("[name=password]", password)
    page.click("main button:has-text('Set the password')")


@both_ways
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_forgotten_password_is_set_anew_with_the_code_of_the_mail(
    at_home: Opened, site: Site, alice: User, script: bool, phone: bool
) -> None:
    open_one, complaints = at_home
    page, elsewhere = open_one(script=script, phone=phone), open_one(script=script)
    enter(elsewhere, site.home, alice)
    elsewhere.goto("/wallet")
    ask_for_a_reset(page)
    go_on_with(page, "000000")
    says(page, "The code is not right. Look at the latest message.")
    with page.context.expect_page() as opened:
        page.click("text=Open the sandbox outbox")
    assert "Set a new password" in opened.value.locator("article").first.inner_text()
    go_on_with(page, mailed_code(page, EMAIL))
    # A password that cannot be taken uses nothing up.
    for bad, sentence in (("short", "at least 12"), ("password1234", "on the lists")):
        choose(page, bad)
        says(page, sentence)
    choose(page, FRESH)
    page.wait_for_url("**/accounts/login/")
    expect(page.locator("body")).to_contain_text("Your new password is set. Log in with it.")
    # Who had logged in with the old one is out.
    is_ended(elsewhere)
    assert "Your password was set anew" in last_mail(page, EMAIL)
    refuses(page)
    lets_in(page, FRESH)
    waits_because(page, "the password was changed")
    assert complaints == []


@both_ways
def test_the_link_of_the_mail_does_the_same_and_once(at_home: Opened, script: bool) -> None:
    open_one, complaints = at_home
    page = open_one(script=script)
    ask_for_a_reset(page)
    code, link = mailed_code(page, EMAIL), outbox.last_link_token(EMAIL)
    # Looking at it changes nothing: mailboxes open links by themselves.
    for _looked in range(2):
        page.goto(f"/accounts/password/reset/{link}")
        says(page, "You came here by the link in our mail")
    page.click("main button:has-text('Continue')")
    choose(page, FRESH)
    page.wait_for_url("**/accounts/login/")
    page.goto(f"/accounts/password/reset/{link}")
    page.click("main button:has-text('Continue')")
    says(page, "This way to a new password is over", "otherwise nothing was changed")
    page.click("main a:has-text('Ask for a new code')")
    page.fill("[name=identifier]", EMAIL)
    page.click("main button:has-text('Send a code')")
    go_on_with(page, code)
    says(page, "The code is not right")
    lets_in(page, FRESH)
    assert complaints == []


def test_the_button_pressed_again_says_that_the_new_password_is_good(at_home: Opened) -> None:
    open_one, complaints = at_home
    page = open_one(script=False)
    ask_for_a_reset(page)
    go_on_with(page, mailed_code(page, EMAIL))
    second = page.context.new_page()
    second.goto(page.url)
    choose(page, FRESH)
    page.wait_for_url("**/accounts/login/")
    choose(second, FRESH)
    says(second, "This way to a new password is over", "that one is good")
    second.click("main a:has-text('Back to log-in')")
    second.wait_for_url("**/accounts/login/")
    lets_in(second, FRESH)
    assert complaints == []


@both_ways
def test_somebody_with_a_number_alone_reads_the_code_from_an_sms(
    at_home: Opened, alice: User, script: bool
) -> None:
    open_one, complaints = at_home
    page = open_one(script=script, phone=True)
    User.objects.filter(pk=alice.pk).update(email=None, phone=OLD_PHONE)
    ask_for_a_reset(page, OLD_PHONE)
    go_on_with(page, mailed_code(page, OLD_PHONE))
    choose(page, FRESH)
    page.wait_for_url("**/accounts/login/")
    refuses(page, login=OLD_PHONE)
    lets_in(page, FRESH, login=OLD_PHONE)
    waits_because(page, "the password was changed")
    assert complaints == []


def test_a_passkey_is_asked_for_beside_the_mail(at_home: Opened) -> None:
    open_one, complaints = at_home
    page = open_one()
    tool, authenticator = plug_in_authenticator(page)
    add_passkey(page)
    log_out(page)
    ask_for_a_reset(page)
    go_on_with(page, mailed_code(page, EMAIL))
    page.fill("[name=password]", FRESH)
    # Reading somebody's mail is not enough.
    tool.send("WebAuthn.setUserVerified", {**authenticator, "isUserVerified": False})
    page.click("main button:has-text('Set the password, with a passkey')")
    expect(page.locator("[data-passkey-problem=refused]")).to_be_visible()
    tool.send("WebAuthn.setUserVerified", {**authenticator, "isUserVerified": True})
    page.click("main button:has-text('Set the password, with a passkey')")
    page.wait_for_url("**/accounts/login/")
    for password in (web.PASSWORD, FRESH):
        give_password(page, password)
        if password == web.PASSWORD:
            says(page, NOT_FOUND)
    page.wait_for_url("**/accounts/factor/")
    page.click("button:has-text('Log in with a passkey')")
    page.wait_for_url("/")
    waits_because(page, "the password was changed")
    assert not Hold.objects.filter(cause__in=["LOWER_FACTOR", "RECOVERY"]).exists()
    assert complaints == []


def add_passkey(page: Page) -> list[str]:
    """Log in and add a passkey; return the recovery codes that come with it."""
    give_password(page)
    page.wait_for_url("/")
    page.goto("/security/factors/passkey")
    page.fill("[name=name]", "Laptop")
    page.click("button:has-text('Make the passkey')")
    confirm_by_mail(page)
    return keep_codes(page)


def test_without_script_a_recovery_code_stands_in_for_the_passkey(at_home: Opened) -> None:
    open_one, complaints = at_home
    page, plain = open_one(), open_one(script=False, phone=True)
    plug_in_authenticator(page)
    codes = add_passkey(page)
    ask_for_a_reset(plain)
    go_on_with(plain, mailed_code(plain, EMAIL))
    # Playwright finds no text in `noscript`; the browser shows it.
    assert "A passkey needs JavaScript. Choose another way below" in plain.inner_text("main")
    plain.click("main a:has-text('Recovery code')")
    plain.fill("[name=code]", codes[0])
    choose(plain, FRESH)
    plain.wait_for_url("**/accounts/login/")
    give_password(plain, FRESH)
    plain.click("main a:has-text('Recovery code')")
    plain.fill("[name=code]", codes[1])
    plain.click("main button:has-text('Log in')")
    plain.wait_for_url("/")
    waits_because(plain, "something was confirmed with a weaker factor")
    waits_because(plain, "the password was changed")
    assert complaints == []


# A password that is changed


@both_ways
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_changed_password_ends_other_log_ins_and_lets_withdrawals_wait(
    at_home: Opened, site: Site, alice: User, script: bool, phone: bool
) -> None:
    open_one, complaints = at_home
    page, elsewhere = open_one(script=script, phone=phone), open_one(script=script)
    enter(elsewhere, site.home, alice)
    elsewhere.goto("/wallet")
    give_password(page)
    page.wait_for_url("/")
    page.goto("/security")
    page.click("main a:has-text('Change: Password')")
    page.fill("[name=password]", "short")
    page.click("main button:has-text('Continue')")
    says(page, "at least 12")
    page.fill("[name=password]", FRESH)
    page.click("main button:has-text('Continue')")
    says(page, "Change the password", "as you typed it, not shown here", "end at once")
    says(page, "Withdrawals wait")
    assert FRESH not in page.content()
    confirm_with(page, "000000")
    says(page, "The code is not right", "Nothing was changed")
    elsewhere.goto("/wallet")
    assert elsewhere.url.endswith("/wallet")
    page.fill("[name=code]", mailed_code(page, EMAIL))
    page.click("main button.button--wide")
    page.wait_for_url("**/security")
    expect(page.locator("body")).to_contain_text("Your password was changed")
    waits_because(page, "the password was changed")
    is_ended(elsewhere)
    assert "Your password was changed" in last_mail(page, EMAIL)
    refuses(page)
    lets_in(page, FRESH)
    assert complaints == []


@both_ways
def test_who_changes_their_mind_keeps_the_password(at_home: Opened, script: bool) -> None:
    open_one, complaints = at_home
    page = open_one(script=script)
    give_password(page)
    page.wait_for_url("/")
    page.goto("/security/password")
    page.fill("[name=password]", FRESH)
    page.click("main button:has-text('Continue')")
    page.click("main a:has-text('Cancel, change nothing')")
    page.wait_for_url("**/security")
    assert not Hold.objects.exists()
    refuses(page, FRESH)
    lets_in(page)
    assert complaints == []


# Another address or number


def write_new_contact(page: Page, name: str, to: str) -> None:
    """Write another address or number at the page that is reached from the page of security."""
    page.goto("/security")
    page.click(f"main dl a:has-text('{name}')")
    page.fill("[name=to]", to)
    page.click("main button:has-text('Send the code')")


@both_ways
def test_another_address_is_confirmed_by_a_code_to_each(
    at_home: Opened, site: Site, alice: User, script: bool
) -> None:
    open_one, complaints = at_home
    page, elsewhere = open_one(script=script), open_one(script=script)
    enter(elsewhere, site.home, alice)
    give_password(page)
    page.wait_for_url("/")
    write_new_contact(page, "E-mail", "not an address")
    says(page, "Write an e-mail address, such as name@example.com.")
    page.fill("[name=to]", "Alice.Harbour@Example.com")
    page.click("main button:has-text('Send the code')")
    says(page, f"We have sent a code to {NEW_EMAIL}")
    go_on_with(page, "000000")
    says(page, "The code is not right", "Nothing was changed")
    go_on_with(page, mailed_code(page, NEW_EMAIL))
    says(page, "Change the e-mail address", NEW_EMAIL, "end at once", "Withdrawals wait")
    # The new one's code does not confirm it; the old one's does.
    confirm_with(page, outbox.last_code(NEW_EMAIL))
    says(page, "The code is not right")
    page.fill("[name=code]", mailed_code(page, EMAIL))
    page.click("main button.button--wide")
    page.wait_for_url("**/security")
    expect(page.locator("body")).to_contain_text("Your e-mail address is set")
    says(page, "al•••@example.com")
    waits_because(page, "the e-mail address was changed")
    is_ended(elsewhere)
    for to in (EMAIL, NEW_EMAIL):
        assert "Your e-mail address was changed" in last_mail(page, to)
    refuses(page)
    lets_in(page, login=NEW_EMAIL)
    assert complaints == []


@both_ways
@pytest.mark.parametrize(
    ("email", "has_phone"),
    [(None, True), (EMAIL, True), (EMAIL, False)],
    ids=["a number alone", "both", "an address alone"],
)
def test_another_number_is_confirmed_by_a_code_to_each(
    at_home: Opened, alice: User, script: bool, email: str | None, has_phone: bool
) -> None:
    open_one, complaints = at_home
    page = open_one(script=script, phone=True)
    phone = OLD_PHONE if has_phone else None
    User.objects.filter(pk=alice.pk).update(email=email, phone=phone)
    give_password(page, login=email or OLD_PHONE)
    page.wait_for_url("/")
    for bad in (NEW_EMAIL, "0151 8765 4321"):
        write_new_contact(page, "Mobile number", bad)
        says(page, "Write a mobile number with its country")
    page.fill("[name=to]", TYPED_PHONE)
    page.click("main button:has-text('Send the code')")
    says(page, f"We have sent a code to {NEW_PHONE}")
    go_on_with(page, mailed_code(page, NEW_PHONE))
    says(page, "Change the mobile number" if has_phone else "mobile number", NEW_PHONE)
    says(page, "Withdrawals wait")
    # Where nothing else was confirmed, the code goes to the number before.
    confirm_with(page, mailed_code(page, email or OLD_PHONE))
    page.wait_for_url("**/security")
    expect(page.locator("body")).to_contain_text("Your mobile number is set")
    waits_because(page, "the mobile number was changed")
    if has_phone:
        refuses(page, login=OLD_PHONE)
    lets_in(page, login=TYPED_PHONE)
    assert complaints == []


def test_ones_own_address_and_number_are_no_new_ones(at_home: Opened, alice: User) -> None:
    open_one, complaints = at_home
    User.objects.filter(pk=alice.pk).update(phone=OLD_PHONE)
    page = open_one(script=False)
    give_password(page)
    page.wait_for_url("/")
    # No code would ever come.
    write_new_contact(page, "E-mail", EMAIL.upper())
    says(page, "This is your e-mail address already. Nothing was changed.")
    write_new_contact(page, "Mobile number", "+49 1511 2345678")
    says(page, "This is your mobile number already. Nothing was changed.")
    assert outbox.messages(OLD_PHONE) == []
    assert complaints == []


def test_somebody_with_a_number_alone_adds_an_address(at_home: Opened, alice: User) -> None:
    open_one, complaints = at_home
    page = open_one(script=False, phone=True)
    User.objects.filter(pk=alice.pk).update(email=None, phone=OLD_PHONE)
    give_password(page, login=OLD_PHONE)
    page.wait_for_url("/")
    write_new_contact(page, "E-mail", NEW_EMAIL)
    go_on_with(page, mailed_code(page, NEW_EMAIL))
    confirm_with(page, mailed_code(page, OLD_PHONE))
    page.wait_for_url("**/security")
    waits_because(page, "the e-mail address was changed")
    for login in (OLD_PHONE, NEW_EMAIL):
        lets_in(page, login=login)
    assert complaints == []


def test_a_number_that_is_somebody_elses_looks_free_and_cannot_be_had(at_home: Opened) -> None:
    open_one, complaints = at_home
    User.objects.create(phone=NEW_PHONE)
    page = open_one(script=False)
    give_password(page)
    page.wait_for_url("/")
    write_new_contact(page, "Mobile number", TYPED_PHONE)
    says(page, f"We have sent a code to {NEW_PHONE}")
    assert outbox.messages(NEW_PHONE) == []
    go_on_with(page, "123456")
    says(page, "The code is not right", "Nothing was changed")
    page.click("main a:has-text('Write another one')")
    page.wait_for_url("**/security/phone")
    assert complaints == []


# The code in our mails


@both_ways
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_next_mail_bears_the_code_that_was_chosen(
    at_home: Opened, script: bool, phone: bool
) -> None:
    open_one, complaints = at_home
    page = open_one(script=script, phone=phone)
    give_password(page)
    page.wait_for_url("/")
    page.goto("/security")
    assert page.evaluate("document.documentElement.scrollWidth <= window.screen.width")
    page.click("main a:has-text('Code in our mails')")
    page.fill("[name=code]", "no blanks!")
    page.click("main button:has-text('Continue')")
    assert page.locator("main [aria-invalid=true]").count() == 1
    page.fill("[name=code]", "lighthouse-7")
    page.click("main button:has-text('Continue')")
    says(page, "Change the code in our mails", "lighthouse-7", "never shown in full again")
    confirm_with(page, mailed_code(page, EMAIL))
    page.wait_for_url("**/security")
    says(page, "l•••7")
    assert "lighthouse-7" not in page.inner_text("main")
    assert "lighthouse-7" in last_mail(page, EMAIL)
    log_out(page)
    ask_for_a_reset(page)
    asked = last_mail(page, EMAIL)
    assert "lighthouse-7" in asked
    assert asked.index("lighthouse-7") < asked.index("Your code:")
    assert complaints == []


def test_the_code_of_our_mails_goes_to_no_address_that_is_not_confirmed(
    at_home: Opened, alice: User
) -> None:
    open_one, _ = at_home
    Account.objects.filter(user=alice).update(anti_phishing_code="lighthouse-7")
    page = open_one(script=False)
    give_password(page)
    page.wait_for_url("/")
    write_new_contact(page, "E-mail", NEW_EMAIL)
    assert "lighthouse-7" not in last_mail(page, NEW_EMAIL)
