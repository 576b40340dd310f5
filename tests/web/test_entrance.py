"""Signing up, in and out; strangers learn nothing about who has an account."""

import re

import pytest
from django.core import mail
from django.test import Client

from mooring.accounts.models import Account, User
from mooring.web import terms

from .conftest import PASSWORD
from .signing_in import confirm_device

pytestmark = pytest.mark.django_db

NEWCOMER = {"email": "Bob@Example.com", "password1": PASSWORD, "terms": "on"}


def test_sign_up_opens_the_account_and_keeps_the_terms_that_were_accepted(client: Client) -> None:
    response = client.post("/accounts/signup/", NEWCOMER)
    assert response.headers["Location"] == "/accounts/confirm-email/"
    account = Account.objects.get(user__email="bob@example.com")
    assert account.terms_version == terms.VERSION
    assert account.terms_accepted_at == account.opened_at


def test_the_code_from_the_mail_logs_in(client: Client) -> None:
    client.post("/accounts/signup/", NEWCOMER)
    code = re.search(r"^    (\d{6})$", mail.outbox[0].body, re.MULTILINE)
    assert code is not None
    page = client.post("/accounts/confirm-email/", {"code": code[1]}, follow=True)
    assert page.redirect_chain[-1][0] == "/"
    assert page.context["user"].is_authenticated


def test_a_sandbox_shows_the_browser_the_mail_that_it_caused(client: Client) -> None:
    client.post("/accounts/signup/", NEWCOMER)
    assert "bob@example.com" in client.get("/sandbox/mail").content.decode()
    assert "bob@example.com" not in Client().get("/sandbox/mail").content.decode()


def test_a_taken_address_gets_the_same_answer_as_a_new_one(client: Client, alice: User) -> None:
    new = client.post("/accounts/signup/", NEWCOMER)
    stranger = Client()
    taken = stranger.post("/accounts/signup/", {**NEWCOMER, "email": "ALICE@example.com"})
    assert (taken.status_code, taken.headers["Location"]) == (
        new.status_code,
        new.headers["Location"],
    )
    assert User.objects.filter(email__iexact="alice@example.com").count() == 1
    pages = [
        browser.get("/accounts/confirm-email/").content.decode() for browser in (client, stranger)
    ]
    assert _without_what_differs(pages[0]) == _without_what_differs(pages[1])


@pytest.mark.parametrize(
    ("case", "change", "field"),
    [
        ("no terms", {"terms": ""}, "terms"),
        ("a short password", {"password1": "short"}, "password1"),
        ("a common password", {"password1": "qwerty123456"}, "password1"),
        ("no address", {"email": "bob"}, "email"),
    ],
)
def test_sign_up_names_the_field_and_keeps_the_rest(
    client: Client, case: str, change: dict[str, str], field: str
) -> None:
    page = client.post("/accounts/signup/", {**NEWCOMER, **change})
    assert field in page.context["form"].errors, case
    assert not User.objects.exists(), case


def test_log_in_takes_the_address_in_any_letter_case(client: Client, alice: User) -> None:
    confirm_device(client, alice)
    response = client.post("/accounts/login/", {"login": "Alice@Example.com", "password": PASSWORD})
    assert response.headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_look_alike(client: Client, alice: User) -> None:
    wrong = client.post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    unknown = client.post("/accounts/login/", {"login": "zoe@example.com", "password": "wrong"})
    assert wrong.status_code == unknown.status_code
    assert _without_what_differs(wrong.content.decode()) == _without_what_differs(
        unknown.content.decode()
    )


def test_a_password_reset_says_the_same_to_everybody(client: Client, alice: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": alice.email})
    unknown = client.post("/accounts/password/reset/", {"email": "zoe@example.com"})
    assert known.headers["Location"] == unknown.headers["Location"]


def test_a_new_password_is_set_by_code(client: Client, alice: User) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email})
    code = re.search(r"^    (\d{6})$", mail.outbox[0].body, re.MULTILINE)
    assert code is not None
    client.post("/accounts/password/reset/confirm/", {"code": code[1]})
    fresh = "another harbour of words"
    client.post("/accounts/password/reset/complete/", {"password1": fresh, "password2": fresh})
    alice.refresh_from_db()
    assert alice.check_password(fresh)


def test_too_many_attempts_are_stopped(client: Client, alice: User) -> None:
    wrong = {"login": alice.email, "password": "wrong"}
    for _attempt in range(6):
        client.post("/accounts/login/", wrong)
    right = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert right.status_code != 302


def test_log_out_is_a_post_and_ends_the_session(member: Client) -> None:
    assert member.get("/accounts/logout/").status_code == 200
    assert member.get("/wallet").status_code == 200
    member.post("/accounts/logout/")
    assert member.get("/wallet").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["/accounts/email/", "/accounts/password/change/", "/accounts/login/code/confirm/"],
)
def test_what_has_no_page_of_ours_is_not_routed(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def _without_what_differs(page: str) -> str:
    """Drop the tokens that are new in each page, and the address that was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    page = re.sub(r"[\w.]+@example\.com", "", page, flags=re.IGNORECASE)
    return re.sub(r"\d\d:\d\d(:\d\d[.\d]*)?", "", page)
