"""What the settings promise about passwords, faults, logs and what visitors send."""

import importlib
import logging
import re
import ssl
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.core.mail.backends.smtp import EmailBackend
from django.core.signing import JSONSerializer
from django.test import Client
from django.utils.module_loading import import_string
from django.views.debug import SafeExceptionReporterFilter

from mooring.accounts.models import User

SOURCE = Path(django_settings.SOURCE)


def test_no_settings_switch_debugging_on() -> None:
    said = {
        path.name: re.findall(r"^DEBUG = (\w+)", path.read_text(), re.MULTILINE)
        for path in (SOURCE / "settings").glob("*.py")
    }
    assert {value for values in said.values() for value in values} == {"False"}


def test_passwords_are_hashed_slowly() -> None:
    base = importlib.import_module("mooring.settings.base")
    [path] = base.PASSWORD_HASHERS
    hashed = make_password("four random harbour words", hasher=import_string(path)())
    assert hashed.startswith("argon2$argon2id$")
    memory, passes = (int(number) for number in re.search(r"m=(\d+),t=(\d+)", hashed).groups())
    assert memory >= 19_456
    assert passes >= 2


def test_nothing_of_a_visitor_is_unpickled() -> None:
    serializer = import_string(django_settings.SESSION_SERIALIZER)
    assert issubclass(serializer, JSONSerializer)
    pickling = [
        str(path)
        for path in SOURCE.rglob("*.py")
        if re.search(
            r"^\s*(import|from) (pickle|marshal|shelve|dill)\b", path.read_text(), re.MULTILINE
        )
    ]
    assert pickling == []


@pytest.mark.parametrize(
    "name",
    ["password", "password1", "SECRET_KEY", "api_key", "token", "SEALING_KEYS", "signature"],
)
def test_a_report_of_a_fault_hides_what_was_typed(name: str) -> None:
    assert SafeExceptionReporterFilter().cleanse_setting(name, "canary") != "canary"


@pytest.mark.django_db
def test_a_fault_is_logged_and_tells_the_visitor_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        message = "canary of a fault"
        raise RuntimeError(message)

    monkeypatch.setattr("mooring.web.pages.markets.markets", broken)
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, logger="django.request"):
        response = client.get("/markets")
    page = response.content.decode()
    assert response.status_code == 500
    assert "canary" not in page
    assert "Traceback" not in page
    assert "canary of a fault" in caplog.text


@pytest.mark.django_db
def test_an_address_cannot_write_lines_of_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="django.request"):
        client.get("/nothing%0d%0aERROR%20forged")
    [record] = [record for record in caplog.records if "nothing" in record.getMessage()]
    assert "\n" not in record.getMessage()


@pytest.mark.django_db
def test_a_fresh_installation_has_no_log_in() -> None:
    assert not User.objects.exists()


def test_a_mail_server_shows_a_certificate_that_is_checked() -> None:
    context = EmailBackend(use_tls=True).ssl_context
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("case", "path", "said"),
    [
        ("absent", "/nothing-here", "/nothing-here"),
        ("of the desk", "/staff/verification", "/staff/verification"),
        ("without a token", "/preferences/theme", "/preferences/theme"),
    ],
)
def test_what_was_refused_is_logged(
    caplog: pytest.LogCaptureFixture, case: str, path: str, said: str
) -> None:
    browser = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.WARNING, logger="django"):
        answer = browser.post(path) if case == "without a token" else browser.get(path)
    assert answer.status_code in {403, 404}, case
    assert said in caplog.text, case
