"""A session that somebody else put into the browser is worth nothing once its person logs in."""

from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client

from mooring.accounts.models import User
from tests.web import matrix_things

from .conftest import PASSWORD
from .signing_in import confirm_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def planted() -> str:
    """The key of a session that the attacker knows."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["chosen by"] = "somebody else"
    session.save()
    return str(session.session_key)


def browser(key: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


@pytest.mark.parametrize("case", ["the second factor", "a code to a new device", "nothing more"])
def test_the_right_password_gives_the_session_another_key(
    alice: User, planted: str, case: str
) -> None:
    victim = browser(planted)
    if case == "the second factor":
        matrix_things.give_factor(alice)
    elif case == "nothing more":
        confirm_device(victim, alice)
    victim.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert victim.cookies[settings.SESSION_COOKIE_NAME].value != planted
    for page in ("/accounts/factor/", "/accounts/device/", "/wallet"):
        answer = browser(planted).get(page)
        assert answer.headers["Location"].startswith("/accounts/login/"), page


def test_a_wrong_password_opens_nothing_in_it(alice: User, planted: str) -> None:
    browser(planted).post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    answer = browser(planted).get("/accounts/factor/")
    assert answer.headers["Location"].startswith("/accounts/login/")
