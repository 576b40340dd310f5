"""From staked to spot in a browser: desktop and phone, with and without script, two languages."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.wallet import api as wallet

from .conftest import WORDS, Complaints, OpenPage, Site, log_in


def free_in_spot(site: Site) -> Decimal:
    [held] = wallet.balances(account_id=site.staked.account_id, at=clock.now())
    return held.spot_available.number


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_customer_finds_a_position_and_redeems_it(
    site: Site,
    open_page: tuple[OpenPage, Complaints],
    phone: bool,
    script: bool,
    language: str,
) -> None:
    open_one, complaints = open_page
    page = open_one(phone=phone, script=script, language=language)
    words = WORDS[language]
    before = free_in_spot(site)
    log_in(page, language=language)
    # The search box leads to the asset, the asset to the position.
    page.fill("[name=q]", "bitcoin")
    page.press("[name=q]", "Enter")
    page.click("main a[href='/earn/BTC']")
    page.click(f"main a[href='/earn/positions/{site.staked.flexible}']")
    page.click(f"main a.button:has-text('{words['redeem']}')")
    # 1 amount, 2 consequences, 3 confirm.
    page.fill("[name=amount]", "0.25")
    page.locator("main form .button--wide").click()
    expect(page.locator("main")).to_contain_text("0.25000000")
    page.click("main a[href*='/confirm']")
    page.check("[name=terms]")
    confirm = page.locator("main form .button--wide")
    expect(confirm).to_contain_text("0.25000000 BTC")
    confirm.click()
    page.wait_for_url("**/redemptions/*")
    expect(page.locator("main")).to_contain_text(words["arrived"])
    assert free_in_spot(site) - before == Decimal("0.25")
    page.click("main a[href='/wallet/BTC']")
    expect(page.locator("main")).to_contain_text("BTC")
    assert complaints == []


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_max_takes_everything(
    site: Site, open_page: tuple[OpenPage, Complaints], phone: bool
) -> None:
    open_one, _complaints = open_page
    page = open_one(phone=phone)
    path = f"/earn/positions/{site.staked.flexible}/redeem"
    log_in(page, then=path)
    page.click("button:has-text('Max')")
    expect(page.locator("main")).to_contain_text("Nothing is lost")
    _confirm(page)
    found = earn.list_positions(account_id=site.staked.account_id, at=clock.now(), with_paid=True)
    status = {position.id: position.status for position in found}
    assert status[site.staked.flexible] == "PAID"


def test_a_locked_position_is_left_watched_undone_left_again_and_arrives(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, complaints = open_page
    page = open_one()
    path = f"/earn/positions/{site.staked.locked}/redeem"
    log_in(page, then=path)
    for ending in ("undo", "arrive"):
        page.goto(f"{path}?all=1")
        expect(page.locator("main")).to_contain_text("Leave now")
        expect(page.locator("main")).to_contain_text("Wait until")
        _confirm(page)
        expect(page.locator("main")).to_contain_text("On its way")
        if ending == "undo":
            page.click("button:has-text('Undo this redemption')")
            expect(page.locator("main")).to_contain_text("exactly as it was before")
    # The sandbox's clock goes on; the worker delivers; the page learns it by itself.
    page.click("button:has-text('+7 days')")
    expect(page.locator("#sandbox-state")).to_contain_text("settling")
    site.settle()
    expect(page.locator("#sandbox-state")).to_contain_text("settled")
    expect(page.locator("main")).to_contain_text("You received")
    assert complaints == []


def test_a_double_click_redeems_once(site: Site, open_page: tuple[OpenPage, Complaints]) -> None:
    open_one, _complaints = open_page
    page = open_one()
    before = free_in_spot(site)
    _to_confirm(page, site)
    page.check("[name=terms]")
    page.locator("main form .button--wide").dblclick()
    page.wait_for_url("**/redemptions/*")
    assert free_in_spot(site) - before == Decimal("0.25")


def test_reload_and_back_after_redeeming_redeem_nothing_more(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, _complaints = open_page
    page = open_one()
    before = free_in_spot(site)
    _to_confirm(page, site)
    page.check("[name=terms]")
    page.locator("main form .button--wide").click()
    page.wait_for_url("**/redemptions/*")
    first = page.url
    page.reload()
    page.go_back()
    page.wait_for_url("**/confirm*")
    page.check("[name=terms]")
    page.locator("main form .button--wide").click()
    page.wait_for_url("**/redemptions/*")
    assert page.url == first
    assert free_in_spot(site) - before == Decimal("0.25")


def test_a_second_tab_gets_new_figures_instead(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, _complaints = open_page
    first = open_one()
    before = free_in_spot(site)
    _to_confirm(first, site)
    second = first.context.new_page()
    second.goto(first.url)
    second.goto(f"/earn/positions/{site.staked.flexible}/redeem?amount=0.5")
    second.click("main a[href*='/confirm']")
    for page in (first, second):
        page.check("[name=terms]")
        page.locator("main form .button--wide").click()
    first.wait_for_url("**/redemptions/*")
    expect(second.locator("main")).to_contain_text("nothing was redeemed")
    assert free_in_spot(site) - before == Decimal("0.25")


def test_a_quote_that_ends_asks_for_a_new_one_and_nothing_else_changes(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, _complaints = open_page
    page = open_one()
    page.clock.install()
    path = f"/earn/positions/{site.staked.flexible}/redeem"
    log_in(page, then=path)
    page.goto(f"{path}?amount=0.25")
    expect(page.locator("[data-left]")).to_contain_text(re.compile(r"\d+ s left"))
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-over]")).to_be_visible()
    expect(page.locator("main a.button--wide")).to_be_visible()
    page.click("text=Get new figures")
    expect(page.locator("[data-left]")).to_be_visible()


def test_a_newcomer_signs_up_with_the_code_from_the_sandbox_outbox(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, complaints = open_page
    page = open_one(phone=True)
    page.goto("/")
    page.click("main a:has-text('Open an account')")
    page.fill("[name=identifier]", "bob@example.com")
    page.fill("[name=password]", "four random harbour words")
    page.check("[name=terms]")
    page.click("main button:has-text('Continue')")
    with page.context.expect_page() as opened:
        page.click("text=Open the sandbox outbox")
    mail = opened.value.locator(".mail").first.inner_text()
    code = re.search(r"\b(\d{6})\b", mail)
    assert code is not None
    page.fill("[name=code]", code[1])
    page.click("main button:has-text('Open the account')")
    expect(page.locator("main")).to_contain_text("Everything you have")
    page.click("summary:has-text('Your account')")
    page.click("button:has-text('Log out')")
    expect(page.locator("main")).to_contain_text("You are logged out")
    assert complaints == []


def test_the_search_box_suggests_while_one_types(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, complaints = open_page
    page = open_one()
    page.goto("/help")
    page.locator("[name=q]").press_sequentially("stak")
    page.click(".suggestions a[href='/earn/staking']")
    assert complaints == []


def _to_confirm(page: Page, site: Site) -> None:
    path = f"/earn/positions/{site.staked.flexible}/redeem"
    log_in(page, then=path)
    page.goto(f"{path}?amount=0.25")
    page.click("main a[href*='/confirm']")


def _confirm(page: Page) -> None:
    page.click("main a[href*='/confirm']")
    page.check("[name=terms]")
    page.locator("main form .button--wide").click()
    page.wait_for_url("**/redemptions/*")
