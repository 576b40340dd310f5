"""What every page carries: headers, navigation, search, wishes, the sandbox bar."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from mooring.accounts.models import Account
from mooring.kernel import clock

pytestmark = pytest.mark.django_db

PAGES = ["/", "/finance", "/markets", "/orders", "/status", "/help", "/terms", "/search?q=btc"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_inline_code_and_caches(client: Client, assets: None, path: str) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert response.status_code == 200
    assert "unsafe" not in policy
    assert "script-src 'self';" in f"{policy};"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cache-Control"] == "private, no-store"
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick" not in page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_search_navigation_and_wishes(
    client: Client, assets: None, path: str
) -> None:
    page = client.get(path).content.decode()
    for words in ("Finance", "Earn", "Staking", 'name="q"', "简体中文", ">CNY<", "Wallet"):
        assert words in page, words


@pytest.mark.parametrize("path", ["/", "/wallet", "/accounts/login/", "/nothing-here"])
def test_the_language_is_the_visitors(client: Client, path: str) -> None:
    client.post("/preferences/language", {"language": "zh-hans", "next": path})
    assert 'lang="zh-hans"' in client.get(path, follow=True).content.decode()


def test_a_currency_is_remembered_with_the_account(member: Client, assets: None) -> None:
    response = member.post("/preferences/currency", {"currency": "EUR", "next": "/markets"})
    assert response.headers["Location"] == "/markets"
    assert Account.objects.get().display_currency == "EUR"
    assert "83,333.33 EUR" in member.get("/markets").content.decode()


def test_a_strangers_currency_is_a_cookie(client: Client, assets: None) -> None:
    client.post("/preferences/currency", {"currency": "BTC"})
    assert "0.00001200 BTC" in client.get("/markets").content.decode()


def test_an_asset_without_a_price_says_so(client: Client, assets: None) -> None:
    assert "no price" in client.get("/markets").content.decode()


@pytest.mark.parametrize(
    ("case", "path", "fields"),
    [
        ("a currency that is not offered", "/preferences/currency", {"currency": "XXX"}),
        ("a language that there is not", "/preferences/language", {"language": "tlh"}),
        ("a theme that there is not", "/preferences/theme", {"theme": "neon"}),
    ],
)
def test_a_wish_that_cannot_be_met_changes_nothing(
    client: Client, case: str, path: str, fields: dict[str, str]
) -> None:
    response = client.post(path, fields)
    assert response.status_code == 302, case
    assert not response.cookies, case


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_a_wish_leads_back_to_our_pages_only(client: Client, target: str) -> None:
    response = client.post("/preferences/theme", {"theme": "dark", "next": target})
    assert response.headers["Location"] == "/"


def test_a_chosen_theme_is_in_the_page(client: Client) -> None:
    client.post("/preferences/theme", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/").content.decode()


def test_what_is_not_there_says_what_to_do(client: Client) -> None:
    response = client.get("/nothing-here")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_a_form_without_its_token_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/preferences/theme", {"theme": "dark"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_a_fault_of_ours_asks_the_database_nothing(
    django_assert_num_queries: DjangoAssertNumQueries, rf: object
) -> None:
    from mooring.web.views.errors import server_error

    with django_assert_num_queries(0):
        response = server_error(rf.get("/"))  # type: ignore[attr-defined]
    assert response.status_code == 500


def test_health_is_told_to_machines(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_the_app_can_be_installed(client: Client) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert manifest["display"] == "standalone"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("staking", "/earn/staking"),
        ("earn", "/earn"),
        ("bitcoin", "/earn/BTC"),
        ("btc", "/earn/BTC"),
        ("redeem", "/help#redeem"),
        ("csv", "/history"),
    ],
)
def test_search_leads_to_the_right_page(
    client: Client, assets: None, words: str, found: str
) -> None:
    for path in ("/search", "/search/suggestions"):
        page = client.get(path, {"q": words}).content.decode()
        assert f'href="{found}"' in page, path


def test_search_writes_down_what_it_was_given_harmlessly(client: Client) -> None:
    page = client.get("/search", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("path", ["/wallet", "/wallet/BTC"])
def test_a_members_page_sends_strangers_to_log_in_and_back(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"


def test_the_sandbox_moves_the_clock_and_settles_later(client: Client) -> None:
    before = clock.now()
    client.post("/sandbox/advance", {"by": "1d", "next": "/"})
    assert clock.now() - before >= timedelta(days=1)


def test_an_unknown_step_moves_nothing(client: Client) -> None:
    client.post("/sandbox/advance", {"by": "a year"})
    assert clock.now() - clock.wall() < timedelta(seconds=1)


@pytest.mark.parametrize("path", ["/sandbox/advance", "/sandbox/state", "/sandbox/outbox"])
def test_outside_a_sandbox_its_doors_are_not_there(
    client: Client, settings: object, path: str
) -> None:
    settings.SANDBOX = False  # type: ignore[attr-defined]
    send: Callable[[str], object] = client.post if path.endswith("advance") else client.get
    assert send(path).status_code == 404  # type: ignore[attr-defined]
    assert "/sandbox/" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/", 11), ("/wallet", 10), ("/markets", 9), ("/status", 8), ("/help", 10)],
)
def test_a_page_asks_the_database_no_more_than_it_needs(
    member: Client,
    assets: None,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    path: str,
    queries: int,
) -> None:
    with django_assert_max_num_queries(queries):
        assert member.get(path).status_code == 200
