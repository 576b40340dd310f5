"""The security page, the record, and each setting: nothing changes before it is confirmed."""

import re

import pytest
from django.test import Client
from django.utils import translation

from mooring.accounts import api as accounts
from mooring.accounts.models import Code, Hold, LoginSession, SecurityEvent, StepUp, User
from mooring.web import step_up as web_step_up
from mooring.web.pages import activity, contacts
from mooring.web.pages.activity import SENTENCES
from tests.notices.outbox import discarded, last_code, messages
from tests.web.conftest import PASSWORD
from tests.web.signing_in import sign_in

NEW_PASSWORD = "another four random harbours"
ALICE, BOB = "alice@example.com", "bob@example.com"


def asked(client, path, facts):
    """Send the form of a setting and return the address of its confirmation."""
    response = client.post(path, facts)
    assert response.status_code == 302, response.content.decode()
    assert response["Location"].startswith("/security/confirm/"), response["Location"]
    return response["Location"]


def confirmed(client, address, *, password=PASSWORD, code=None, way="email"):
    """Give password and code on the page of a confirmation."""
    code = last_code(ALICE) if code is None else code
    return client.post(address, {"way": way, "password": password, "code": code})


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_overview_names_what_is_set_and_leads_to_each(member):
    page = member.get("/security")
    text = text_of(page)
    for state in ("al•••@example.com", "Second factors", "API keys", "unverified", "1 log-in"):
        assert state in text, state
    for address in ("/security/email", "/security/phone", "/security/password", "/security/keys"):
        assert f'href="{address}"' in page.content.decode(), address
    assert ALICE not in page.content.decode().split("<main", 1)[1]


def test_a_stranger_is_led_to_log_in(client):
    assert client.get("/security")["Location"] == "/accounts/login/?next=/security"


def test_a_hold_says_why_until_when_and_what_still_works(member):
    confirmed(member, asked(member, "/security/password", {"password": NEW_PASSWORD}))
    text = text_of(member.get("/security"))
    assert "Withdrawals wait until" in text
    assert "Because the password was changed: 23 hours 59 minutes left" in text
    assert "subscribing and redeeming work as always" in text
    assert "ends by itself" in text


# --- password ---


def test_the_page_shows_what_will_happen_and_asks_for_both_proofs(member):
    address = asked(member, "/security/password", {"password": NEW_PASSWORD})
    page = member.get(address)
    text = text_of(page)
    assert "Change the password" in text
    assert "Withdrawals wait 1 day" in text
    assert NEW_PASSWORD not in page.content.decode()
    assert 'name="password"' in page.content.decode()
    assert "Sent to al•••@example.com" in text


def test_a_password_changes_when_it_is_confirmed(member, alice):
    other = Client()
    sign_in(other, alice)
    address = asked(member, "/security/password", {"password": NEW_PASSWORD})
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    response = confirmed(member, address)
    assert response["Location"] == "/security"
    alice.refresh_from_db()
    assert alice.check_password(NEW_PASSWORD)
    assert member.get("/security").status_code == 200, "who changed it stays"
    assert other.get("/security").status_code == 302, "everybody else is out"
    assert SecurityEvent.objects.filter(kind="password_changed").exists()
    assert Hold.objects.get().cause == "PASSWORD_CHANGED"
    assert [one.kind for one in messages(ALICE)][-1] == "password_changed"


@pytest.mark.parametrize(
    ("case", "typed", "sentence"),
    [
        ("none", "", "Write the new password"),
        ("too short", "harbour", "at least 12 characters"),
        ("well known", "password1234", "on the lists"),
        ("the old one", PASSWORD, "your present password"),
        ("NUL", "four random \x00 harbour words", "Null characters"),
        ("endless", "x" * 300, "at most 256"),
    ],
)
def test_a_password_that_will_not_do_is_refused_before_anything_is_asked(
    member, case, typed, sentence
):
    response = member.post("/security/password", {"password": typed})
    assert response.status_code in {400, 422}, case
    if response.status_code == 422:
        assert sentence in text_of(response), case
    assert not StepUp.objects.exists(), case


def test_the_new_password_lies_in_no_table_as_it_was_typed(member):
    asked(member, "/security/password", {"password": NEW_PASSWORD})
    [row] = StepUp.objects.all()
    assert NEW_PASSWORD not in str(row.data)
    assert "argon2" not in str(row.data)
    assert "md5" not in str(row.data)


# --- proofs on the page ---


@pytest.mark.parametrize(
    ("case", "proofs", "sentence"),
    [
        ("no password", {"password": ""}, "Write your password"),
        ("wrong password", {"password": "wrong"}, "The password is not right"),
        ("no code", {"code": ""}, "Write the code"),
        ("wrong code", {"code": "abcdef"}, "The code is not right"),
    ],
)
def test_a_wrong_proof_says_which_and_changes_nothing(member, alice, case, proofs, sentence):
    address = asked(member, "/security/password", {"password": NEW_PASSWORD})
    response = confirmed(member, address, **proofs)
    assert response.status_code == 422, case
    assert sentence in text_of(response), case
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD), case


def test_a_password_that_was_right_need_not_be_typed_again(member, alice):
    address = asked(member, "/security/password", {"password": NEW_PASSWORD})
    again = confirmed(member, address, code="abcdef")
    assert 'name="password"' not in again.content.decode()
    assert confirmed(member, address, password="").status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW_PASSWORD)


def test_a_wrong_password_does_not_spend_the_code(member):
    address = asked(member, "/security/password", {"password": NEW_PASSWORD})
    confirmed(member, address, password="wrong")
    assert Code.objects.get(purpose="STEP_UP").tries == 0
    assert confirmed(member, address).status_code == 302


def test_a_confirmation_works_once(member):
    address = asked(member, "/security/anti-phishing", {"code": "kelp-7"})
    code = last_code(ALICE)
    assert confirmed(member, address, code=code).status_code == 302
    again = confirmed(member, address, code=code)
    assert again.status_code == 409
    assert "This confirmation is over" in text_of(again)
    assert SecurityEvent.objects.filter(kind="anti_phishing_code_changed").count() == 1


def test_a_code_can_be_sent_again_and_the_one_before_ends(member):
    address = asked(member, "/security/anti-phishing", {"code": "kelp-7"})
    first = last_code(ALICE)
    response = member.post(address, {"way": "email", "send": "1", "password": PASSWORD})
    assert response["Location"] == f"{address}?way=email"
    assert 'name="password"' not in member.get(address).content.decode(), "it was right"
    if first != last_code(ALICE):
        assert confirmed(member, address, code=first).status_code == 422
    assert confirmed(member, address).status_code == 302


def test_the_session_has_another_key_after_a_proof(member):
    before = member.cookies["sessionid"].value
    address = asked(member, "/security/anti-phishing", {"code": "kelp-7"})
    confirmed(member, address)
    after = member.cookies["sessionid"].value
    assert after != before
    assert LoginSession.objects.get(ended_at=None).session_key == after
    copy = Client()
    copy.cookies["sessionid"] = before
    assert copy.get("/security").status_code == 302


def test_a_confirmation_of_another_session_or_person_is_absent(member, alice, db):
    address = asked(member, "/security/anti-phishing", {"code": "kelp-7"})
    code = last_code(ALICE)
    elsewhere, bob = Client(), Client()
    sign_in(elsewhere, alice)
    sign_in(bob, _person(BOB))
    for browser in (elsewhere, bob):
        absent = browser.get("/security/confirm/00000000-0000-4000-8000-000000000000")
        found = browser.get(address)
        assert (found.status_code, text_of(found)) == (404, text_of(absent))
        assert confirmed(browser, address, code=code).status_code == 404
    assert confirmed(member, address, code=code).status_code == 302


def test_who_changes_their_mind_is_led_back(member):
    address = asked(member, "/security/anti-phishing", {"code": "kelp-7"})
    assert 'href="/security"' in member.get(address).content.decode().split("Cancel")[0]


def test_every_action_that_can_be_proven_can_be_shown():
    from mooring.accounts.rules.step_up import ACTIONS

    assert set(web_step_up.registered()) == set(ACTIONS)


# --- contacts ---


def new_contact(client, path, to):
    """Ask for a new address or number; return the address of the page that wants its code."""
    response = client.post(path, {"to": to})
    assert response.status_code == 302, text_of(response)
    return response["Location"]


def test_an_address_changes_after_a_code_to_the_new_one_and_a_confirmation(member, alice):
    page = new_contact(member, "/security/email", "New.Alice@Example.com")
    alice.refresh_from_db()
    assert alice.email == ALICE
    address = asked(member, page, {"code": last_code("new.alice@example.com")})
    assert "new.alice@example.com" in text_of(member.get(address))
    alice.refresh_from_db()
    assert alice.email == ALICE, "the code alone changes nothing"
    assert confirmed(member, address).status_code == 302
    alice.refresh_from_db()
    assert alice.email == "new.alice@example.com"
    assert Hold.objects.get().cause == "EMAIL_CHANGED"
    kinds = {to: [one.kind for one in messages(to)][-1] for to in (ALICE, alice.email)}
    assert kinds == {ALICE: "email_changed", alice.email: "email_changed"}


def test_a_number_is_added(member, alice):
    page = new_contact(member, "/security/phone", "+49 1512 3456789")
    address = asked(member, page, {"code": last_code("+4915123456789")})
    assert confirmed(member, address).status_code == 302
    alice.refresh_from_db()
    assert (alice.email, alice.phone) == (ALICE, "+4915123456789")
    assert Hold.objects.get().cause == "PHONE_CHANGED"


def test_an_address_of_somebody_else_is_answered_as_if_sent(member, alice):
    _person(BOB)
    taken = new_contact(member, "/security/email", BOB)
    free = new_contact(member, "/security/email", "free@example.com")
    pages = [text_of(member.get(page)) for page in (taken, free)]
    assert pages[0].replace(BOB, "X") == pages[1].replace("free@example.com", "X")
    assert messages(BOB) == []
    [never] = discarded(BOB)
    digits = re.search(r"\d{6}", never.body)
    tried = member.post(taken, {"code": digits.group() if digits else "000000"})
    assert tried.status_code == 422
    assert not StepUp.objects.exists()
    alice.refresh_from_db()
    assert alice.email == ALICE


def test_a_code_to_the_new_address_is_of_one_session_and_opens_once(member, alice):
    page = new_contact(member, "/security/email", "new@example.com")
    code = last_code("new@example.com")
    elsewhere = Client()
    sign_in(elsewhere, alice)
    assert elsewhere.post(page, {"code": code}).status_code == 404
    asked(member, page, {"code": code})
    assert member.post(page, {"code": code}).status_code == 422


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/security/email", ""),
        ("/security/email", "+4915123456789"),
        ("/security/email", "nobody"),
        ("/security/email", "a@b@c"),
        ("/security/email", "aliсe@example.com"),
        ("/security/phone", "free@example.com"),
        ("/security/phone", "12"),
    ],
)
def test_what_is_no_address_is_named_as_such(member, path, typed):
    response = member.post(path, {"to": typed})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert not Code.objects.exists()


def test_one_of_two_ways_is_removed_and_the_last_one_stays(member, alice):
    User.objects.filter(pk=alice.pk).update(phone="+4915123456789")
    first = asked(member, "/security/contact/remove", {"channel": "SMS"})
    second = asked(member, "/security/contact/remove", {"channel": "EMAIL"})
    code = last_code(ALICE)
    first_code = next(one for one in reversed(messages(ALICE)[:-1]))
    confirmed(member, first, code=re.search(r"\b\d{6}\b", first_code.body).group())
    alice.refresh_from_db()
    assert (alice.email, alice.phone) == (ALICE, None)
    assert confirmed(member, second, code=code).status_code in {404, 409}
    alice.refresh_from_db()
    assert alice.email == ALICE
    response = member.post("/security/contact/remove", {"channel": "EMAIL"})
    assert response["Location"] == "/security"


# --- mails ---


def test_the_code_in_mails_is_masked_from_then_on(member, alice):
    confirmed(member, asked(member, "/security/anti-phishing", {"code": "kelp-forest"}))
    alice.account.refresh_from_db()
    assert alice.account.anti_phishing_code == "kelp-forest"
    for path in ("/security", "/security/anti-phishing"):
        assert "kelp-forest" not in member.get(path).content.decode()
    assert "k•••t" in text_of(member.get("/security"))


@pytest.mark.parametrize(
    "code", ["", "abc", "x" * 21, "two words", "kelp!", "海港海港", "<b>x</b>"]
)
def test_a_code_that_will_not_do_is_refused(member, code):
    assert member.post("/security/anti-phishing", {"code": code}).status_code == 422
    assert not StepUp.objects.exists()


def test_the_language_of_mails_is_changed(member, alice):
    confirmed(member, asked(member, "/security/language", {"language": "zh-hans"}))
    alice.refresh_from_db()
    assert alice.language == "zh-hans"
    assert member.post("/security/language", {"language": "xx"}).status_code == 422


# --- the record ---


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_of_event_has_a_sentence(language):
    assert set(SENTENCES) == set(accounts.Kind)
    with translation.override(language):
        said = {kind: activity.sentence(kind, {}) for kind in accounts.Kind}
    assert all(said.values())
    if language == "zh-hans":
        assert [kind for kind, words in said.items() if words.isascii()] == []


def test_the_record_shows_what_happened_where_and_is_paged(member, alice):
    for number in range(30):
        SecurityEvent.objects.create(
            user=alice,
            kind="api_key_created",
            details={"label": f"bot {number}"},
            ip="192.0.2.7",
            device_name="Firefox on Linux",
            at="2026-01-01T00:00:00Z",
        )
    page = member.get("/security/activity")
    text = text_of(page)
    assert "An API key was made: bot 29" in text
    assert "Firefox on Linux" in text
    assert "bot 2 " not in text
    older = re.search(r"\?before=\d+", page.content.decode()).group()
    assert "bot 2 " in text_of(member.get(f"/security/activity{older}"))
    assert member.get("/security/activity?before=abc").status_code == 200


def test_the_record_is_of_one_person(member, alice):
    SecurityEvent.objects.create(
        user=_person(BOB), kind="api_key_created", details={"label": "bobs"}, at="2026-01-01T00:00Z"
    )
    assert "bobs" not in text_of(member.get("/security/activity"))


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("alice@example.com", "al•••@example.com"),
        ("a@example.com", "•••@example.com"),
        ("+4915112345678", "+49•••78"),
        ("", ""),
    ],
)
def test_addresses_and_numbers_are_masked(contact, shown):
    assert contacts.masked(contact) == shown


def _person(email):
    account_id = accounts.open_account(email=email, password=PASSWORD, at="2026-01-01T00:00Z")
    return User.objects.get(account__id=account_id)
