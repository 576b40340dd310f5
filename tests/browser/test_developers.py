"""The page for developers: inside every screen though all is unfolded, whole without script."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import Complaints, OpenPage, Site

_UNFOLD = "() => document.querySelectorAll('details.fold').forEach((one) => { one.open = true; })"
_WIDTHS = "() => [document.documentElement.scrollWidth, window.screen.width]"
#: What stands out of its box to the side, unless the box scrolls by itself.
_OUT = """() => [...document.querySelectorAll('main .path, main code, main td, main th, main li')]
    .filter((one) => one.checkVisibility() && !one.closest('.snippet, .visually-hidden'))
    .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 0.5)
    .map((one) => one.textContent.slice(0, 80))"""


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(390, "dark", "zh"), (390, "light", "en"), (768, "light", "zh"), (1440, "dark", "en")],
)
def test_nothing_is_wrong_with_it_unfolded(
    site: Site, open_page: tuple[OpenPage, Complaints], width: int, theme: str, language: str
) -> None:
    open_one, complaints = open_page
    page = open_one(viewport={"width": width, "height": 844}, color_scheme=theme, language=language)
    page.goto("/developers")
    page.evaluate(_UNFOLD)
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:160]) for one in violations] == []
    inside, screen = page.evaluate(_WIDTHS)
    assert inside <= screen
    assert page.evaluate(_OUT) == []
    assert complaints == []


def test_long_lines_scroll_in_a_box_of_their_own(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, _complaints = open_page
    page = open_one(viewport={"width": 390, "height": 844})
    page.goto("/developers#ccxt")
    box = page.locator("#ccxt .snippet")
    box.focus()
    page.keyboard.press("End")
    assert box.evaluate("one => one.scrollWidth > one.clientWidth")
    assert page.locator("#lines-ccxt").inner_text().count("\n") == 4


def test_without_script_everything_is_there_and_unfolds(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, complaints = open_page
    page = open_one(script=False)
    page.goto("/developers")
    assert site.address in page.locator("#lines-python-binance").inner_text()
    assert page.locator("[data-copy]:visible").count() == 0
    wanted = page.get_by_text("/sapi/v1/capital/config/getall")
    assert not wanted.is_visible()
    page.click("summary:has-text('Wallet and account')")
    assert wanted.is_visible()
    assert complaints == []


def test_the_way_to_a_family_unfolds_it(site: Site, open_page: tuple[OpenPage, Complaints]) -> None:
    open_one, _complaints = open_page
    page = open_one()
    page.goto("/developers")
    assert not page.locator("#staking").is_visible()
    page.click(".chip[href='#staking']")
    page.wait_for_selector("#staking:visible")
    assert page.locator("#staking").is_visible()
