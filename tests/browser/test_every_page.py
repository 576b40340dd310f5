"""Each page: readable by everybody, inside its screen, light to load, quiet in the console."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

from mooring.earn import api as earn
from mooring.gateway import api as gateway
from mooring.kernel import clock

from .conftest import Complaints, OpenPage, Site, log_in

STRANGERS = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/developers",
    "/disabled",
    "/disable/not-ours",
    "/earn/products",
    "/earn/products?kind=LOCKED&sort=rate",
    "/earn/products/BTC001?amount=1&days=30",
    "/earn/products/Btc*60?amount=1&days=10",
    "/earn/products/Btc*60?amount=x&days=y",
    "/earn/BTC",
    "/developers/v1",
    "/finance",
    "/help",
    "/markets",
    "/orders",
    "/recovery",
    "/recovery/cancel/not-ours",
    "/search?q=btc",
    "/status",
    "/terms",
    "/nothing-here",
]
MEMBERS = [
    "/",
    "/earn",
    "/earn/staking",
    "/earn/BTC",
    "/earn/positions/{locked}",
    "/earn/positions/{flexible}",
    "/earn/positions/{flexible}/redeem",
    "/earn/positions/{flexible}/redeem?amount=x",
    "/earn/positions/{flexible}/redeem?amount=0.25",
    "/earn/positions/{locked}/redeem?all=1",
    "/earn/positions/{bound}/redeem",
    "/earn/products/Btc*60/subscribe?amount=1",
    "/redemptions",
    "/redemptions/{redemption}",
    "/history",
    "/history?asset=EUR",
    "/notices",
    "/notices/preferences",
    "/security",
    "/security/activity",
    "/security/anti-phishing",
    "/security/devices",
    "/security/disable",
    "/security/email",
    "/security/factors",
    "/security/factors/app",
    "/security/factors/passkey",
    "/security/keys",
    "/security/keys/new",
    "/security/language",
    "/security/password",
    "/security/phone",
    "/security/recovery",
    "/security/webhooks",
    "/security/webhooks/{webhook}",
    "/security/webhooks/{webhook}/end",
    "/verification",
    "/verification/1",
    "/wallet",
    "/wallet/BTC",
    "/wallet/EUR",
]
#: Finger-sized: what is pressed, but for words in a sentence.
_SMALL = """() => [...document.querySelectorAll(
    "button, input:not([type=hidden]), select, .button, .bottombar__link, .chip, .menu__name"
)].filter((one) => {
    const box = one.getBoundingClientRect();
    if (!box.width || !one.checkVisibility()) return false;
    if (one.matches(".tick__box, .option__dot, .link")) return false;
    return box.height < 43.5 && !one.closest(".visually-hidden");
}).map((one) => one.outerHTML.slice(0, 120))"""
#: Not the inner width: on a phone it grows with what is too wide.
_WIDTHS = "() => [document.documentElement.scrollWidth, window.screen.width]"


def look(page: Page, path: str, *, phone: bool) -> list[str]:
    """Return everything that is wrong with a page."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    violations = Axe().run(page).response["violations"]
    wrong = [
        f"{path}: {found['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for found in violations
        for node in found["nodes"]
    ]
    inside, screen = page.evaluate(_WIDTHS)
    if inside > screen:
        wrong.append(f"{path}: {inside} wide on a screen of {screen}")
    if phone:
        wrong += [f"{path}: too small: {html}" for html in page.evaluate(_SMALL)]
    return wrong


@pytest.mark.parametrize(
    ("phone", "theme", "language"),
    # The tokens of a theme are the same on every screen: each is looked at once.
    [(False, "light", "en"), (True, "dark", "zh")],
)
def test_nothing_is_wrong_with_any_page(
    site: Site,
    open_page: tuple[OpenPage, Complaints],
    phone: bool,
    theme: str,
    language: str,
) -> None:
    open_one, complaints = open_page
    page = open_one(phone=phone, language=language, color_scheme=theme)
    wrong = [fault for path in STRANGERS for fault in look(page, path, phone=phone)]
    log_in(page, language=language)
    numbers = _numbers(page, site)
    wrong += [
        fault for path in MEMBERS for fault in look(page, path.format(**numbers), phone=phone)
    ]
    assert wrong == []
    assert complaints == []


@pytest.mark.parametrize(
    "screen",
    # In English: its words are the longer ones.
    [{"viewport": {"width": 768, "height": 1024}}, {"phone": True}],
    ids=["tablet", "phone"],
)
def test_every_page_stays_inside_the_screen(
    site: Site, open_page: tuple[OpenPage, Complaints], screen: dict[str, Any]
) -> None:
    open_one, _complaints = open_page
    page = open_one(**screen)
    log_in(page)
    numbers = _numbers(page, site)
    wide = []
    for path in MEMBERS:
        page.goto(path.format(**numbers))
        inside, wide_as = page.evaluate(_WIDTHS)
        if inside > wide_as:
            wide.append(f"{path}: {inside}")
    assert wide == []


@pytest.mark.parametrize("path", ["/", "/earn/products", "/accounts/login/", "/developers"])
def test_the_first_load_is_light(
    site: Site, open_page: tuple[OpenPage, Complaints], path: str
) -> None:
    # As it comes over the wire, compressed.
    open_one, _complaints = open_page
    page = open_one()
    requests: list[Request] = []
    # Playwright marks its handlers, which a method of a list does not bear.
    page.on("requestfinished", lambda request: requests.append(request))  # noqa: PLW0108
    page.goto(path)
    page.wait_for_load_state("networkidle")
    [first] = [request for request in requests if request.resource_type == "document"]
    assert first.response().header_value("content-encoding") == "gzip"
    assert sum(request.sizes()["responseBodySize"] for request in requests) < 150_000


def test_the_chosen_theme_wins_over_the_system(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, _complaints = open_page
    page = open_one(color_scheme="light")
    page.goto("/help")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.click("summary:has-text('EN')")
    page.click("button:has-text('Dark')")
    page.wait_for_load_state("networkidle")
    assert page.url.endswith("/help")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dark != light


def _numbers(page: Page, site: Site) -> dict[str, int]:
    """Return the numbers in the addresses of a member's pages."""
    return {
        **site.staked._asdict(),
        "redemption": _left_early(page, site),
        "webhook": _webhook(site),
    }


def _webhook(site: Site) -> int:
    """Return an address that was told of something, and waits to be told more."""
    found = gateway.create_webhook(
        account_id=site.staked.account_id,
        url="https://hooks.example.com/where/a/customer/has-a-server-of-its-own?with=a&long=query",
        topics=gateway.TOPICS,
        at=clock.now(),
    )
    gateway.ping_webhook(account_id=site.staked.account_id, webhook_id=found)
    return found


def _left_early(page: Page, site: Site) -> int:
    """Redeem the bound position's neighbour early, and return the redemption's number."""
    asked = earn.Redemption(
        account_id=site.staked.account_id,
        position_id=site.staked.locked,
        amount=None,
        key="early",
    )
    [done] = earn.redeem([asked], at=clock.now())
    assert isinstance(done, earn.Redeemed)
    earn.subscribe(
        [
            earn.Subscription(
                account_id=site.staked.account_id,
                product_code="Btc*60",
                amount=done.net,
                key="again",
            )
        ],
        at=clock.now(),
    )
    return done.redemption_id


def test_a_planted_fault_is_found(site: Site, open_page: tuple[OpenPage, Complaints]) -> None:
    open_one, _complaints = open_page
    page = open_one()
    page.goto("/help")
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"data:,\"><input>'")
    found = {one["id"] for one in Axe().run(page).response["violations"]}
    assert {"image-alt", "label"} <= found
