"""
A real browser against a real server, in a database of the test's own.

The server runs in threads of this process, over a clone of the test database in which commits
are real; Chromium is the system's.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from mooring.accounts import api as accounts
from mooring.accounts.models import User
from mooring.assets.models import Asset, Price
from mooring.kernel import clock, jobs
from tests.web import conftest as web
from tests.web.signing_in import confirmed_device

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EMAIL = "alice@example.com"
WORDS = {
    "en": {"log in": "Log in", "redeem": "Redeem", "arrived": "Arrived"},
    "zh": {"log in": "登录", "redeem": "赎回", "arrived": "已到账"},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder; `django_db` has the test database made, to be cloned."""
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db)


@pytest.fixture
def _django_db_helper() -> None:
    """No transaction around these tests: each has a clone in which commits are real."""


@dataclass(frozen=True)
class Site:
    """A server, and what Alice holds there."""

    address: str
    staked: Any

    @property
    def home(self) -> str:
        """The site by its name: a passkey is bound to a name, not to a number."""
        return self.address.replace("127.0.0.1", "localhost")

    def settle(self) -> None:
        """Do what the worker does."""
        at = clock.now()
        for job in jobs.declared():
            jobs.run(job, at=at)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """A test that fails shows its page, not the log."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve, and give the thread's connection back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture
def site(committed_db: str) -> Iterator[Site]:
    """Serve a platform on which Alice has three positions."""
    cache.clear()
    for code, name, usd in (("BTC", "Bitcoin", "90000"), ("EUR", "Euro", "1.08")):
        decimals = {"ledger_decimals": 8, "display_decimals": 8, "reward_decimals": 8}
        Asset.objects.create(code=code, name=name, kind="CRYPTO", **decimals)
        Price.objects.create(asset_id=code, usd=usd, valid_from=web.OPENING, source="test")
    accounts.open_account(email=EMAIL, password=web.PASSWORD, at=web.OPENING)
    staked = web.stake(User.objects.get(email=EMAIL))
    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", staked)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def alice(site: Site) -> User:
    """Who has the account."""
    return User.objects.get(email=EMAIL)


@pytest.fixture(scope="module")
def playwright(django_db_setup: None) -> Iterator[Playwright]:
    """
    Start Playwright, whose loop then runs in this thread.

    Django would refuse to be synchronous in it, and keeps other connections inside than
    outside: each side closes its own, or the test database could not be cloned.
    """
    connections.close_all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as running:
            yield running
            connections.close_all()


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("The browser tests need Chromium: `apt-get install chromium`.")
    browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
    yield browser
    browser.close()


class Complaints(list[str]):
    """What a page complained about: errors of the console, blocked by policy, foreign hosts."""


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(
    chromium: Browser, playwright: Playwright, site: Site
) -> Iterator[tuple[OpenPage, Complaints]]:
    """Return a function that opens a fresh browser profile, and what its pages complain about."""
    complaints = Complaints()
    contexts = []

    def heard(message: Any) -> None:
        # A status that is the answer to a wrong input is no fault of the page.
        if message.type == "error" and "status of 4" not in message.text:
            complaints.append(message.text)

    def asked(request: Any) -> None:
        if not request.url.startswith((site.address, site.home, "data:")):
            complaints.append(f"foreign: {request.url}")

    def open_one(
        *, phone: bool = False, script: bool = True, language: str = "en", **more: Any
    ) -> Page:
        profile: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
        if phone:
            profile = dict(playwright.devices["iPhone 13"])
            profile.pop("default_browser_type")
        context = chromium.new_context(
            **{**profile, "base_url": site.address, **more},
            java_script_enabled=script,
            locale="zh-CN" if language == "zh" else "en-GB",
            timezone_id="Europe/Berlin",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", asked)
        return page

    yield open_one, complaints
    for context in contexts:
        context.close()


@pytest.fixture
def at_home(site: Site, open_page: tuple[OpenPage, Complaints]) -> tuple[OpenPage, Complaints]:
    """Open browsers at the site's name, in which Alice has confirmed herself before."""
    open_one, complaints = open_page

    def open_at_home(**given: Any) -> Page:
        page = open_one(**given, base_url=site.home)
        _know(page, "localhost")
        return page

    return open_at_home, complaints


def _know(page: Page, domain: str) -> None:
    """Make the browser one that Alice has confirmed before."""
    _, token = confirmed_device(User.objects.get(email=EMAIL))
    cookie = {"name": settings.DEVICE_COOKIE_NAME, "value": token}
    page.context.add_cookies([{**cookie, "domain": domain, "path": "/"}])


def log_in(page: Page, *, language: str = "en", then: str = "/", is_known: bool = True) -> None:
    """
    Log Alice in by the form.

    Args:
        is_known: whether she has confirmed this browser before; otherwise its page is next.
    """
    if is_known:
        _know(page, "127.0.0.1")
    page.goto(f"/accounts/login/?next={then}")
    page.fill("[name=login]", EMAIL)
    page.fill("[name=password]", web.PASSWORD)
    page.click(f"main button:has-text('{WORDS[language]['log in']}')")
    page.wait_for_url(f"**{then}" if is_known else "**/accounts/device/")
