"""Signing up, in and out, and a new password, as a browser does it."""

import pytest
from django.test import Client

from mooring.accounts import policies as limits
from mooring.accounts.models import Account, Device, Hold, LoginSession, SecurityEvent, SignUp, User
from mooring.kernel import clock
from mooring.web import terms
from tests.notices import outbox
from tests.web.signing_in import confirm_device

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db

FRESH = "another harbour of words"
BOB = {"identifier": " Bob@Example.com ", "password": PASSWORD, "terms": terms.VERSION}
SIGN_UP, SIGN_UP_CODE = "/accounts/signup/", "/accounts/signup/code/"
RESET, RESET_CODE, RESET_NEW = (
    "/accounts/password/reset/",
    "/accounts/password/reset/code/",
    "/accounts/password/reset/new/",
)
NOT_FOUND = "Account not found. Check your e-mail or mobile number and your password."


# --- sign-up ---


@pytest.mark.parametrize(
    ("typed", "to"),
    [("Bob@Example.com", "bob@example.com"), ("+49 1512 3456789", "+4915123456789")],
)
def test_the_code_opens_the_account_and_logs_in(client: Client, typed: str, to: str) -> None:
    answer = client.post(SIGN_UP, {**BOB, "identifier": typed})
    assert answer.headers["Location"] == SIGN_UP_CODE
    assert not User.objects.exists(), "nobody squats on an address that is not confirmed"
    page = client.post(SIGN_UP_CODE, {"code": outbox.last_code(to)}, follow=True)
    assert page.redirect_chain[-1][0] == "/"
    user = page.context["user"]
    assert to in {user.email, user.phone}
    account = Account.objects.get(user=user)
    assert account.terms_version == terms.VERSION
    assert account.terms_accepted_at <= account.opened_at
    kinds = set(SecurityEvent.objects.filter(user=user).values_list("kind", flat=True))
    assert kinds == {"signed_up", "logged_in"}


def test_the_browser_that_signed_up_is_a_device_without_a_hold(client: Client) -> None:
    _sign_up(client)
    assert Device.objects.count() == LoginSession.objects.count() == 1
    assert not Hold.objects.exists()
    client.post("/accounts/logout/")
    again = client.post("/accounts/login/", {"login": "bob@example.com", "password": PASSWORD})
    assert again.headers["Location"] == "/"


def test_the_owner_of_a_taken_address_reads_of_it_and_no_code_works(
    client: Client, alice: User
) -> None:
    answer = client.post(SIGN_UP, {**BOB, "identifier": "ALICE@example.com"})
    assert answer.headers["Location"] == SIGN_UP_CODE
    assert [notice.kind for notice in outbox.messages(alice.email)] == ["sign_up_known"]
    page = client.post(SIGN_UP_CODE, {"code": "123456"})
    assert page.status_code == 422
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("case", "change", "field"),
    [
        ("no terms", {"terms": ""}, "terms"),
        ("a short password", {"password": "short"}, "password"),
        ("a long password", {"password": "x" * 129}, "password"),
        ("a common password", {"password": "QWERTY123456"}, "password"),
        ("the address as a password", {"password": "bob@example.com!"}, "password"),
        ("our name as a password", {"password": "Mooring-Mooring-1"}, "password"),
        ("no address", {"identifier": "bob"}, "identifier"),
        ("a number without its country", {"identifier": "01512 3456789"}, "identifier"),
        ("nothing", {"identifier": ""}, "identifier"),
    ],
)
def test_sign_up_names_the_field_and_keeps_the_rest(
    client: Client, case: str, change: dict[str, str], field: str
) -> None:
    page = client.post(SIGN_UP, {**BOB, **change})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}, case
    assert not outbox.messages("bob@example.com"), case


def test_what_a_password_is_made_of_is_ones_own_affair(client: Client) -> None:
    odd = "  ä ß 漢字 🙂 \u00a0 blanks  "
    client.post(SIGN_UP, {**BOB, "password": odd})
    client.post(SIGN_UP_CODE, {"code": outbox.last_code("bob@example.com")})
    bob = User.objects.get()
    assert bob.check_password(odd)
    assert not bob.check_password(odd.strip())


def test_a_number_is_not_offered_where_no_sms_is_sent(client: Client, settings: object) -> None:
    settings.SMS_AVAILABLE = False
    page = client.post(SIGN_UP, {**BOB, "identifier": "+4915123456789"})
    assert "identifier" in page.context["form"].errors


def test_a_code_has_five_tries_and_a_new_one_ends_it(client: Client) -> None:
    client.post(SIGN_UP, BOB)
    first = outbox.last_code("bob@example.com")
    client.post("/accounts/signup/resend/")
    second = outbox.last_code("bob@example.com")
    if first != second:
        assert client.post(SIGN_UP_CODE, {"code": first}).status_code == 422
    for _try in range(5):
        page = client.post(SIGN_UP_CODE, {"code": "x"})
    assert "over" in page.content.decode()
    assert client.post(SIGN_UP_CODE, {"code": second}).status_code == 422
    assert not User.objects.exists()


def test_codes_for_one_address_are_sent_a_few_times_an_hour(client: Client) -> None:
    client.post(SIGN_UP, BOB)
    sent = [client.post("/accounts/signup/resend/").status_code for _ in range(5)]
    assert sent == [302, 302, 302, 429, 429]
    assert len(outbox.messages("bob@example.com")) == limits.MESSAGES_UNKNOWN.default == 4
    assert Client().post(SIGN_UP, BOB).status_code == 429


def test_the_code_page_without_a_sign_up_leads_to_its_beginning(client: Client) -> None:
    for answer in (client.get(SIGN_UP_CODE), client.post("/accounts/signup/resend/")):
        assert answer.headers["Location"] == SIGN_UP


def test_another_browser_cannot_use_the_code(client: Client) -> None:
    client.post(SIGN_UP, BOB)
    code = outbox.last_code("bob@example.com")
    stranger = Client()
    stranger.post(SIGN_UP, {**BOB, "password": FRESH})
    if outbox.last_code("bob@example.com") != code:
        assert stranger.post(SIGN_UP_CODE, {"code": code}).status_code == 422


# --- log-in ---


@pytest.mark.parametrize("typed", ["Alice@Example.com", " alice@example.com ", "0049 1512 3456789"])
def test_log_in_takes_address_or_number_however_it_is_written(
    client: Client, alice: User, typed: str
) -> None:
    User.objects.filter(pk=alice.pk).update(phone="+4915123456789")
    confirm_device(client, alice)
    answer = client.post(
        "/accounts/login/", {"login": typed, "password": PASSWORD, "next": "/wallet"}
    )
    assert answer.headers["Location"] == "/wallet"


def test_a_wrong_password_is_answered_with_the_one_sentence(client: Client, alice: User) -> None:
    page = client.post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    assert page.status_code == 200
    assert page.context["form"].non_field_errors() == [NOT_FOUND]
    assert NOT_FOUND in page.content.decode()


def test_used_up_tries_answer_like_a_wrong_password(client: Client, alice: User) -> None:
    for _try in range(limits.PASSWORD_TRIES_UNKNOWN.default // 3):
        client.post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    right = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert right.status_code == 200
    assert right.context["form"].non_field_errors() == [NOT_FOUND]
    confirm_device(client, alice)
    owner = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert owner.status_code == 302, "the owner's own browser is not locked out"


def test_the_next_log_in_tells_of_those_that_failed(client: Client, alice: User) -> None:
    for _try in range(3):
        client.post("/accounts/login/", {"login": "Alice@example.com", "password": "wrong"})
    confirm_device(client, alice)
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    event = SecurityEvent.objects.get(user=alice, kind="log_in_failed")
    assert event.details == {"count": "3"}
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert SecurityEvent.objects.filter(user=alice, kind="log_in_failed").count() == 1


def test_who_comes_back_from_a_pending_log_in_can_begin_anew(client: Client, alice: User) -> None:
    pending = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert pending.headers["Location"] == "/accounts/device/"
    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/accounts/device/").status_code == 302


def test_log_out_is_a_post_and_ends_the_session(member: Client) -> None:
    assert member.get("/accounts/logout/").status_code == 200
    assert member.get("/wallet").status_code == 200
    member.post("/accounts/logout/")
    assert member.get("/wallet").status_code == 302


# --- a new password ---


def test_a_new_password_is_set_by_code_and_logs_nobody_in(member: Client, alice: User) -> None:
    browser = Client()
    browser.post(RESET, {"identifier": "Alice@Example.com"})
    answer = browser.post(RESET_CODE, {"code": outbox.last_code(alice.email)})
    assert answer.headers["Location"] == RESET_NEW
    assert browser.post(RESET_NEW, {"password": "short"}).status_code == 422
    done = browser.post(RESET_NEW, {"password": FRESH})
    assert done.headers["Location"] == "/accounts/login/"
    alice.refresh_from_db()
    assert alice.check_password(FRESH)
    assert browser.get("/wallet").status_code == 302
    assert member.get("/wallet").status_code == 302, "every log-in has ended"
    assert Hold.objects.get(account__user=alice).cause == "PASSWORD_CHANGED"
    assert browser.post(RESET_NEW, {"password": FRESH}).status_code == 410, "once"
    told = outbox.messages(alice.email)[-1]
    assert told.kind == "password_reset"


def test_the_link_works_once_and_opening_it_changes_nothing(client: Client, alice: User) -> None:
    Client().post(RESET, {"identifier": alice.email})
    link = f"/accounts/password/reset/{outbox.last_link_token(alice.email)}"
    for _look in range(3):
        assert client.get(link).status_code == 200
    assert client.post(link).headers["Location"] == RESET_NEW
    assert Client().post(link).status_code == 410
    client.post(RESET_NEW, {"password": FRESH})
    alice.refresh_from_db()
    assert alice.check_password(FRESH)


def test_who_uses_up_the_codes_tries_does_not_lock_the_owner_out(
    client: Client, alice: User
) -> None:
    attacker = Client()
    for _round in range(2):
        attacker.post(RESET, {"identifier": alice.email})
        for _try in range(6):
            attacker.post(RESET_CODE, {"code": "x"})
    client.post(RESET, {"identifier": alice.email})
    link = f"/accounts/password/reset/{outbox.last_link_token(alice.email)}"
    assert client.post(RESET_CODE, {"code": outbox.last_code(alice.email)}).status_code == 422
    assert client.post(link).headers["Location"] == RESET_NEW


def test_a_number_gets_a_code_and_no_link(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(phone="+4915123456789")
    client.post(RESET, {"identifier": "+49 1512 3456789"})
    [message] = outbox.messages("+4915123456789")
    assert "/accounts/password/reset/" not in message.body
    answer = client.post(RESET_CODE, {"code": outbox.last_code("+4915123456789")})
    assert answer.headers["Location"] == RESET_NEW


@pytest.mark.parametrize("state", ["unknown", "disabled", "closed", "blocked"])
def test_nothing_is_sent_where_nobody_may_log_in(client: Client, alice: User, state: str) -> None:
    _put(alice, state)
    answer = client.post(RESET, {"identifier": alice.email or "zoe@example.com"})
    assert answer.headers["Location"] == RESET_CODE
    assert not outbox.messages("alice@example.com")
    assert not outbox.messages("zoe@example.com")
    assert client.post(RESET_CODE, {"code": "123456"}).status_code == 422


@pytest.mark.parametrize("state", ["disabled", "closed", "blocked"])
def test_a_password_that_is_right_lets_nobody_in_who_may_not(
    client: Client, alice: User, state: str
) -> None:
    _put(alice, state)
    confirm_device(client, alice)
    page = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert page.context["form"].non_field_errors() == [NOT_FOUND]


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/login/code/confirm/",
        "/accounts/confirm-email/",
        "/accounts/inactive/",
        "/accounts/reauthenticate/",
        "/accounts/password/reset/done/",
        "/accounts/2fa/",
        "/sandbox/mail",
    ],
)
def test_what_has_no_page_of_ours_is_not_routed(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def _sign_up(client: Client) -> None:
    client.post(SIGN_UP, BOB)
    client.post(SIGN_UP_CODE, {"code": outbox.last_code("bob@example.com")})


def _put(user: User, state: str) -> None:
    """Bring somebody into a state in which they may not log in."""
    if state == "unknown":
        user.email = None
    if state == "blocked":
        User.objects.filter(pk=user.pk).update(is_active=False)
    if state == "disabled":
        Account.objects.filter(user=user).update(status="DISABLED", disabled_at=clock.now())
    if state == "closed":
        Account.objects.filter(user=user).update(status="CLOSED", closed_at=clock.now())


def test_only_the_terms_that_were_shown_are_accepted(client, monkeypatch):
    shown = client.get("/accounts/signup/").content.decode()
    assert f'value="{terms.VERSION}"' in shown
    monkeypatch.setattr(terms, "VERSION", "2099-01")
    answer = client.post("/accounts/signup/", BOB)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The terms have changed" in page
    assert " checked" not in page
    assert not SignUp.objects.exists()
    assert client.post("/accounts/signup/", {**BOB, "terms": "2099-01"}).status_code == 302
    assert SignUp.objects.get().terms_version == "2099-01"


@pytest.mark.parametrize(
    "header", [{"X-Requested-With": "XMLHttpRequest"}, {"Accept": "application/json"}]
)
@pytest.mark.parametrize("password", ["wrong-harbour-words", PASSWORD])
def test_a_script_that_asks_for_json_gets_the_page_and_no_password(client, alice, header, password):
    answer = client.post(
        "/accounts/login/", {"login": alice.email, "password": password}, headers=header
    )
    assert answer.headers["Content-Type"].startswith("text/html")
    assert password not in answer.content.decode()
