"""
What every answer carries to the browser, and what a browser may not do to us.

Of OWASP ASVS 5.0.0 mostly chapter 3; docs/security.md names the item of each test.
"""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from mooring.accounts.models import Account, LoginSession, User

from . import matrix_rows
from .matrix_rows import ROWS, Who

pytestmark = pytest.mark.django_db

SOURCE = Path(django_settings.SOURCE)
SCRIPTS = sorted((SOURCE / "web" / "static" / "web" / "js").glob("*.js"))
#: One answer of each kind: pages, a file, a redirect, what is absent, forbidden, not allowed.
ASKED = [
    *[("get", row.name) for row in ROWS if row.who is Who.EVERYBODY and not row.thing],
    ("get", "/nothing-here"),
    ("get", "/wallet"),
    ("put", "/"),
    ("post", "/search?q=%00"),
    ("get", "/history.csv"),
]


def address(name: str) -> str:
    return name if name.startswith("/") else reverse(name)


@pytest.mark.parametrize(("method", "name"), ASKED)
def test_every_answer_carries_the_headers(client: Client, assets: None, method: str, name: str):
    headers = getattr(client, method)(address(name)).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    for directive in ("object-src", "base-uri", "default-src", "frame-ancestors"):
        assert policy[directive] == "'none'", directive
    for directive in ("script-src", "style-src", "form-action", "connect-src"):
        assert policy[directive] == "'self'", directive
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not [header for header in headers if header.startswith("Access-Control-")]


@pytest.mark.parametrize("path", ["/wallet", "/history", "/history.csv", "/earn"])
def test_nothing_of_a_member_is_kept_by_a_cache(member: Client, assets: None, path: str) -> None:
    assert member.get(path).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("method", "name"), ASKED)
def test_every_answer_says_what_it_is(client: Client, assets: None, method: str, name: str) -> None:
    response = getattr(client, method)(address(name))
    if response.content:
        kind = response.headers["Content-Type"]
        assert kind == "application/manifest+json" or re.search(r"^text/\w+; charset=utf-8$", kind)


def test_a_form_of_ours_changes_nothing_when_another_site_sends_it(alice: User) -> None:
    """A cookie, but neither our token nor our origin."""
    browser = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})
    browser.get("/accounts/login/")
    token = browser.cookies[django_settings.CSRF_COOKIE_NAME].value
    fields = {"currency": "EUR", "csrfmiddlewaretoken": token}
    assert browser.post("/preferences/currency", fields).status_code == 403


@pytest.mark.parametrize(
    "row", [row for row in ROWS if "POST" in row.methods], ids=lambda r: r.name
)
def test_no_form_works_without_its_token(alice: User, row: object) -> None:
    assert Client(enforce_csrf_checks=True).post(matrix_rows.address(row)).status_code == 403


def test_every_cookie_is_closed_to_other_sites(member: Client, assets: None) -> None:
    member.get("/accounts/login/")
    for form in ({"language": "zh-hans"}, {"currency": "EUR"}, {"theme": "dark"}):
        member.post(f"/preferences/{next(iter(form))}", form)
    member.post("/sandbox/advance", {"by": "1d"})
    written = {name: cookie for name, cookie in member.cookies.items() if cookie["path"]}
    assert written
    for name, cookie in written.items():
        assert cookie["samesite"] == "Lax", name
        assert cookie["httponly"] or name == django_settings.CSRF_COOKIE_NAME, name
        assert not cookie["domain"], name
        assert len(name) + len(cookie.value) < 4096, name


def test_in_production_every_cookie_is_of_this_host_alone() -> None:
    told = in_production(
        "import json\n"
        "from django.conf import settings as s\n"
        "from mooring.web import visit\n"
        "from mooring.notices import *\n"
        "names = [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEVICE_COOKIE_NAME,"
        " s.LANGUAGE_COOKIE_NAME, visit.CURRENCY_COOKIE, visit.THEME_COOKIE, visit.ZONE_COOKIE]\n"
        "print(json.dumps([names, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.MESSAGE_STORAGE, s.SESSION_COOKIE_PATH]))"
    )
    names, *rest = json.loads(told)
    assert [name for name in names if not name.startswith("__Host-")] == []
    assert rest == [True, True, "django.contrib.messages.storage.session.SessionStorage", "/"]


def test_production_demands_tls_for_a_year() -> None:
    told = in_production(
        "import json\n"
        "from django.test import Client\n"
        "from django.test.utils import setup_test_environment\n"
        "plain = Client().get('/terms', headers={'host': 'mooring.example'})\n"
        "safe = Client().get('/manifest.webmanifest', headers={'host': 'mooring.example'},"
        " secure=True)\n"
        "print(json.dumps([plain.status_code, plain.headers['Location'],"
        " safe.headers['Strict-Transport-Security']]))"
    )
    assert json.loads(told) == [
        301,
        "https://mooring.example/terms",
        "max-age=31536000; includeSubDomains",
    ]


def in_production(program: str) -> str:
    """Run a program with the settings of production; return what it printed."""
    variables = {
        "DJANGO_SETTINGS_MODULE": "mooring.settings.production",
        "MOORING_HOSTS": "mooring.example",
        "MOORING_SITE_URL": "https://mooring.example",
        "MOORING_SMTP_HOST": "127.0.0.1",
        "MOORING_SEALING_KEYS": "only-for-tests",
        "SECRET_KEY": "only-for-tests",
        "DATABASE_URL": "postgres:///nowhere",
    }
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{program}"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", ["/static/web/", "/static/", "/static/web/js/", "/static/../"])
def test_no_folder_is_listed(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_writes_markup_or_keeps_anything(script: Path) -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
        r"|localStorage|sessionStorage|indexedDB|postMessage|addEventListener\(.message"
        r"|__proto__"
    )
    assert forbidden.findall(script.read_text()) == []


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/logout/"])
def test_nobody_is_led_to_another_host(member: Client, page: str, target: str) -> None:
    """Who is logged in is led on at once."""
    for response in (member.get(page, {"next": target}), member.post(page, {"next": target})):
        assert "evil.example" not in response.headers.get("Location", "")


def test_a_host_that_is_not_ours_gets_no_answer(client: Client) -> None:
    assert client.get("/terms", headers={"host": "evil.example"}).status_code == 400


def test_asking_for_a_page_changes_nothing(member: Client, assets: None) -> None:
    """Each address by GET and HEAD, whoever is logged in: Account, log-ins and people stay."""
    facts = [Account, User, LoginSession]
    before = [list(model.objects.order_by("pk").values()) for model in facts]
    for row in ROWS:
        if not row.thing and "GET" in row.methods:
            member.get(reverse(row.name))
            member.head(reverse(row.name))
    assert [list(model.objects.order_by("pk").values()) for model in facts] == before


@pytest.mark.parametrize("path", ["/", "/wallet", "/earn", "/help", "/history", "/terms"])
def test_every_page_of_a_member_has_a_way_out(member: Client, assets: None, path: str) -> None:
    assert f'action="{reverse("account_logout")}"' in member.get(path).content.decode() or (
        f'href="{reverse("account_logout")}"' in member.get(path).content.decode()
    )


def test_logging_out_empties_the_browser(member: Client) -> None:
    response = member.post(reverse("account_logout"))
    assert response.headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("name", ["account_login", "account_signup"])
def test_password_fields_are_masked_and_can_be_filled_in(client: Client, name: str) -> None:
    fields = re.findall(
        r"<input[^>]*name=\"password\d?\"[^>]*>", client.get(reverse(name)).content.decode()
    )
    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field), field


def test_no_view_is_exempt_from_the_token() -> None:
    exempt = [
        f"{path.name}:{node.lineno}"
        for path in (SOURCE / "web").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name) and node.id in {"csrf_exempt", "requires_csrf_token"}
    ]
    assert exempt == []


def test_an_answer_of_a_fault_carries_the_policy(client: Client) -> None:
    response: HttpResponse = client.get("/nothing-here")
    assert "Content-Security-Policy" in response.headers
