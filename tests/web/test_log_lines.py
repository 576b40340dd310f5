"""What stands in the log: what was refused and what failed, in UTC, and nothing that opens."""

import logging
import os
import re
import subprocess
import sys
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import get_resolver

from mooring.accounts.models import User
from mooring.web.log_lines import HIDDEN, PUBLIC_PARTS, Lines, without_secrets
from tests.notices import outbox

#: No letter in it looks random: only where it stands tells that it is a token.
CANARY: Final = "canary"
#: What parts of an address may be; whatever takes a word of somebody's choice may be a token.
SAMPLES: Final = (CANARY, "1", "0193b1f0-0000-7000-8000-000000000000", f"{CANARY}{CANARY}" * 3)

_BROKEN: Final = """
from django.test import Client
from mooring.web.pages import markets
def broken(*_arguments, **_named):
    raise RuntimeError("canary of a fault\\nforged")
markets.markets = broken
browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
for method, path in {asked}:
    getattr(browser, method)(path, secure=True, headers={{"host": "mooring.example"}})
"""


def addresses() -> list[tuple[str, list[str]]]:
    """Every address of the site with something in each of its parts, and what are no tokens."""
    found = []
    for name, kinds in get_resolver().reverse_dict.lists():
        if not isinstance(name, str):
            continue
        for possibilities, regex, _defaults, _converters in kinds:
            for template, parts in possibilities:
                for sample in SAMPLES:
                    path = template % dict.fromkeys(parts, sample)
                    if re.fullmatch(regex, path):
                        found.append((f"/{path}", parts))
    return found


def test_no_address_of_the_site_shows_a_token() -> None:
    """A new one cannot be forgotten: each part that takes a word is hidden, but for asset codes."""
    seen = [
        path
        for path, parts in addresses()
        if not PUBLIC_PARTS.intersection(parts)
        and CANARY in without_secrets(f"Forbidden (no token): {path} after")
    ]
    assert seen == []


def test_every_other_address_stays_readable() -> None:
    plain = [path for path, parts in addresses() if not parts or parts[0].endswith("_id")]
    assert len(plain) > 60
    assert [path for path in plain if path not in without_secrets(f"Not Found: {path} after")] == []


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Not Found: /recovery/cancel/abc", f"Not Found: /recovery/cancel/{HIDDEN}"),
        ("/recovery/abc/def?x=1 by", f"/recovery/{HIDDEN} by"),
        ("https://a.example/disable/WzEsMF0:1abc:x-y_z", f"https://a.example/disable/{HIDDEN}"),
        ("GET /search?q=harbour HTTP/1.1", f"GET /search?{HIDDEN} HTTP/1.1"),
        ("Not Found: /recovery/ k3Fo_a9-PqRsTuVwXyZ0123", f"Not Found: /recovery/ {HIDDEN}"),
        ("Not Found: //disable//k3Foa9PqRsTuVwXyZ0123", f"Not Found: //disable/{HIDDEN}"),
        ("DETAIL:  Key (email)=(alice@example.com) exists.", f"DETAIL: {HIDDEN}"),
        ("/security/devices and nothing else", "/security/devices and nothing else"),
    ],
)
def test_what_opens_something_is_left_out(line: str, written: str) -> None:
    assert without_secrets(line) == written


@pytest.mark.django_db
def test_a_live_token_is_in_no_line(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    Client().post("/accounts/password/reset/", {"identifier": alice.email})
    token = outbox.last_link_token(alice.email)
    browser = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.INFO):
        assert browser.post(f"/accounts/password/reset/{token}").status_code == 403
        browser.get(f"/accounts/password/reset/{token}.")
    lines = [Lines().format(record) for record in caplog.records]
    assert len(lines) == 2
    assert [line for line in lines if token in line] == []


def test_a_line_says_when_in_utc_and_cannot_be_forged() -> None:
    record = logging.LogRecord(
        "mooring", logging.WARNING, "", 0, "港\n2026 forged\x1b[2J\u2028%s", ("\r\n",), None
    )
    record.created, record.msecs = 1_790_000_000.0, 7.0
    [line] = Lines().format(record).split("\n")
    assert line == (
        "2026-09-21T14:13:20.007Z WARNING mooring: 港\\n2026 forged\\x1b[2J\\x2028\\x0d\\n"
    )


def test_in_production_faults_and_refusals_go_to_standard_error(committed_url: str) -> None:
    asked = [
        ("get", "/nothing-here"),
        ("post", "/recovery/cancel/" + "abc" * 9),
        ("get", "/markets?wish=secret"),
    ]
    lines = stderr_in_production(_BROKEN.format(asked=asked), committed_url)
    said = [re.sub(r"^\S+Z ", "", line) for line in lines if re.match(r"\d{4}-\S+Z ", line)]
    assert said == [
        "WARNING django.request: Not Found: /nothing-here",
        "WARNING django.security.csrf: Forbidden (Referer checking failed - no "
        f"Referer.): /recovery/cancel/{HIDDEN}",
        "ERROR django.request: Internal Server Error: /markets",
    ]
    assert "    Traceback (most recent call last):" in lines
    assert "    RuntimeError: canary of a fault" in lines
    assert "    forged" in lines


def test_a_server_that_logs_what_it_is_asked_hides_tokens_too(committed_url: str) -> None:
    lines = stderr_in_production(
        "import logging\n"
        "from django.test import Client\n"
        "Client().get('/terms', secure=True, headers={'host': 'mooring.example'})\n"
        "logging.getLogger('granian.access').info('GET %s', '/disable/abc?d=e')",
        committed_url,
    )
    assert lines[-1].endswith(f"INFO granian.access: GET /disable/{HIDDEN}")


def stderr_in_production(program: str, url: str) -> list[str]:
    """Run a program with the settings of production; return what it wrote to standard error."""
    variables: dict[str, Any] = {
        "DJANGO_SETTINGS_MODULE": "mooring.settings.production",
        "MOORING_HOSTS": "mooring.example",
        "MOORING_SITE_URL": "https://mooring.example",
        "MOORING_SMTP_HOST": "127.0.0.1",
        "MOORING_SEALING_KEYS": "only-for-tests",
        "SECRET_KEY": "only-for-tests",
        "DATABASE_URL": url,
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{program}"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.splitlines()
