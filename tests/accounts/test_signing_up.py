"""Sign-up: nobody before the code, one account for one address, a password by length alone."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts.api.proofs import CodeVerdict
from mooring.accounts.models import Account, Code, SecurityEvent, SignUp, User
from mooring.accounts.origin import Origin

WALL = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
AT = datetime(2030, 1, 1, tzinfo=UTC)
PASSWORD = "four random harbour words"
ALICE = accounts.entrance.read_identifier("alice@example.com")


def origin(wall=WALL, ip="192.0.2.1", language="en"):
    return Origin(wall=wall, ip=ip, device_name="Firefox on Linux", language=language)


@pytest.fixture(autouse=True)
def told(monkeypatch):
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


def begin(password=PASSWORD, **where):
    return accounts.entrance.begin_sign_up(
        identifier=ALICE, password=password, terms_version="t1", origin=origin(**where), at=AT
    )


def finish(code_id, text, **where):
    return accounts.entrance.finish_sign_up(code_id, text, origin=origin(**where), at=AT)


def code_of(told):
    return next(message.facts["code"] for message in reversed(told) if "code" in message.facts)


@pytest.mark.django_db
def test_the_account_begins_with_the_code_and_keeps_what_was_accepted(told):
    code_id = begin(language="zh-hans")
    assert not User.objects.exists()
    found = finish(code_id, code_of(told))
    alice = User.objects.get(id=found.user_id)
    assert (alice.email, alice.phone, alice.language) == ("alice@example.com", None, "zh-hans")
    assert alice.check_password(PASSWORD)
    account = Account.objects.get(user=alice)
    assert (account.terms_version, account.terms_accepted_at) == ("t1", AT)
    assert account.opened_at == AT
    assert SecurityEvent.objects.get(user=alice).kind == "signed_up"
    assert told[-1].kind == "signed_up"


@pytest.mark.django_db
def test_of_two_sign_ups_with_one_address_the_first_to_finish_has_it(told):
    first = begin(password="the words of the first one")
    first_code = code_of(told)
    second = begin(password="the words of the second one", ip="192.0.2.2")
    second_code = code_of(told)
    assert finish(second, second_code, ip="192.0.2.2").user_id is not None
    before = len(told)
    assert finish(first, first_code).verdict is CodeVerdict.WRONG
    assert len(told) == before, "told by nothing"
    assert User.objects.get().check_password("the words of the second one")


@pytest.mark.django_db
def test_a_code_of_a_known_address_is_never_right_and_its_message_holds_the_owners_marks(told):
    accounts.open_account(email="alice@example.com", password=PASSWORD, at=AT)
    code_id = begin()
    [known, code] = told
    assert (code.kind, code.is_delivered) == ("code_sign_up", False)
    assert (known.kind, known.is_delivered) == ("sign_up_known", True)
    assert known.user_id == User.objects.get().pk
    assert finish(code_id, code_of(told)).verdict is CodeVerdict.WRONG
    assert Code.objects.get().user_id is None


@pytest.mark.django_db
def test_nothing_is_sent_where_nobody_may_enter(told):
    account_id = accounts.open_account(email="alice@example.com", password=PASSWORD, at=AT)
    Account.objects.filter(id=account_id).update(status="CLOSED", closed_at=AT)
    begin()
    assert not any(message.is_delivered for message in told)


@pytest.mark.django_db
def test_a_sign_up_waits_ten_minutes(told):
    code_id = begin()
    late = WALL + timedelta(minutes=10)
    found = finish(code_id, code_of(told), wall=late)
    assert found.verdict is CodeVerdict.SPENT_OR_EXPIRED
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_code_of_another_purpose_signs_nobody_up(told):
    accounts.open_account(email="bob@example.com", password=PASSWORD, at=AT)
    bob = accounts.entrance.read_identifier("bob@example.com")
    code_id = accounts.entrance.ask_reset(identifier=bob, tokens=(), origin=origin(), at=AT)
    assert finish(code_id, code_of(told)).verdict is CodeVerdict.SPENT_OR_EXPIRED


@pytest.mark.django_db
def test_too_many_messages_are_refused_before_anything_is_written(told):
    for _round in range(4):
        begin()
    with pytest.raises(accounts.entrance.MessagesUsedUp):
        begin(ip="192.0.2.77")
    assert SignUp.objects.count() == 4


def test_one_code_in_twenty_hands_opens_one_account(committed_db, django_db_blocker, told):
    start = threading.Barrier(20)
    with django_db_blocker.unblock():
        code_id = begin()
        code = code_of(told)

        def try_it(number):
            start.wait()
            try:
                return finish(code_id, code, ip=f"192.0.2.{number}").user_id
            finally:
                connection.close()

        with ThreadPoolExecutor(20) as pool:
            found = [user_id for user_id in pool.map(try_it, range(20)) if user_id is not None]
        assert len(found) == User.objects.count() == Account.objects.count() == 1


def test_two_who_finish_at_once_are_one_account(committed_db, django_db_blocker, told):
    with django_db_blocker.unblock():
        waiting = []
        for number in range(4):
            code_id = begin(ip=f"192.0.2.{number}")
            waiting.append((code_id, code_of(told)))
        start = threading.Barrier(4)

        def try_it(one):
            start.wait()
            try:
                return finish(*one).verdict
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            verdicts = sorted(pool.map(try_it, waiting))
        assert verdicts == sorted([CodeVerdict.RIGHT] + [CodeVerdict.WRONG] * 3)
        assert User.objects.count() == 1


# --- passwords ---


@pytest.mark.parametrize(
    ("case", "password", "code"),
    [
        ("eleven characters", "elevenchars", "password_too_short"),
        ("129 characters", "ab c" * 32 + "d", "password_too_long"),
        ("on the list", "qwerty123456", "password_too_common"),
        ("on the list in capitals", "QWERTY123456", "password_too_common"),
        ("of the list, twice", "password-password", "password_repeats"),
        ("of the list, twice, in capitals", "SunshineSunshine", "password_repeats"),
        ("one character", "aaaaaaaaaaaaaaa", "password_repeats"),
        ("one sign", "!!!!!!!!!!!!", "password_repeats"),
        ("a few characters", "abcabcabcabc", "password_repeats"),
        ("the address", "alice@example.com", "password_about_the_person"),
        ("the address and a digit", "Alice@Example.com1", "password_about_the_person"),
        ("the name twice", "alice-alice-1", "password_about_the_person"),
        ("our name", "mooring mooring", "password_about_the_person"),
        ("our name and a year", "Mooring!2026", "password_about_the_person"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(case, password, code):
    with pytest.raises(ValidationError) as refused:
        accounts.entrance.check_password_for(password, ALICE)
    assert code in {error.code for error in refused.value.error_list}, case


@pytest.mark.parametrize(
    "password",
    [
        "twelve chars",
        "alice likes random words",
        "a harbour with moorings in it",
        "            blanks            ",
        "correct horse battery staple",
        "天地玄黃宇宙洪荒日月盈昃",
        "!?!!#-/!!(%+",
        "".join(f"{number:02} c" for number in range(32)),
    ],
)
def test_length_is_all_that_a_password_needs(password):
    accounts.entrance.check_password_for(password, ALICE)


def test_a_number_is_no_password():
    with pytest.raises(ValidationError):
        accounts.entrance.check_password_for(
            "+4915123456789", accounts.entrance.read_identifier("+49 1512 3456789")
        )
