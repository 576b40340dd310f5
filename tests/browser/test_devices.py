"""A new browser types the code from its mail; a log-in ended in one is over in the other."""

from tests.notices import outbox

from .conftest import EMAIL, Complaints, OpenPage, log_in


def test_a_new_browser_types_the_code_from_the_mail(
    open_page: tuple[OpenPage, Complaints],
) -> None:
    open_one, complaints = open_page
    page = open_one(script=False)
    log_in(page, then="/wallet", is_known=False)
    page.fill("[name=code]", "000000")
    page.click("main button:has-text('Confirm and log in')")
    assert "The code is not right" in page.inner_text("main")
    page.click("main button:has-text('Send a new code')")
    page.fill("[name=code]", outbox.last_code(EMAIL))
    page.click("main button:has-text('Confirm and log in')")
    page.wait_for_url("**/wallet")
    page.click("summary:has-text('Your account')")
    page.click("button:has-text('Log out')")
    log_in(page, then="/wallet", is_known=True)
    assert not complaints


def test_the_code_of_one_browser_lets_no_other_in(open_page: tuple[OpenPage, Complaints]) -> None:
    open_one, _ = open_page
    thief, owner = open_one(), open_one()
    log_in(thief, is_known=False)
    owner.goto("/accounts/device/")
    assert "/accounts/login/" in owner.url
    log_in(owner, is_known=False)
    thief.fill("[name=code]", outbox.last_code(EMAIL))
    thief.click("main button:has-text('Confirm and log in')")
    assert "The code is not right" in thief.inner_text("main")


def test_ending_the_others_in_one_browser_logs_the_other_out(
    open_page: tuple[OpenPage, Complaints],
) -> None:
    open_one, complaints = open_page
    mine, theirs = open_one(), open_one(phone=True)
    log_in(mine)
    log_in(theirs)
    mine.goto("/security/devices")
    assert "this one" in mine.inner_text("main")
    mine.click("main button:has-text('End all others')")
    assert "1 other log-in is ended" in mine.inner_text("main")
    theirs.goto("/wallet")
    assert "/accounts/login/" in theirs.url
    assert "ended from another device" in theirs.inner_text("main")
    mine.goto("/wallet")
    assert mine.url.endswith("/wallet")
    assert not complaints


def test_a_stolen_copy_of_this_very_session_is_out_too(
    open_page: tuple[OpenPage, Complaints],
) -> None:
    open_one, _ = open_page
    mine, thief = open_one(), open_one()
    log_in(mine)
    thief.context.add_cookies(mine.context.cookies())
    thief.goto("/wallet")
    assert thief.url.endswith("/wallet")
    mine.goto("/security/devices")
    mine.click("main button:has-text('End all others')")
    thief.goto("/wallet")
    assert "/accounts/login/" in thief.url
    mine.goto("/wallet")
    assert mine.url.endswith("/wallet")


def test_a_forgotten_device_is_out_and_needs_a_code(open_page: tuple[OpenPage, Complaints]) -> None:
    open_one, _ = open_page
    mine, lost = open_one(), open_one()
    log_in(lost)
    log_in(mine)
    mine.goto("/security/devices")
    mine.click("main button:has-text('Forget'):not(:has-text('log out here'))")
    lost.goto("/wallet")
    assert "/accounts/login/" in lost.url
    log_in(lost, is_known=False)
