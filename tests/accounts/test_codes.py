"""A code that we sent opens one thing, once, for ten minutes and five tries."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts.actions.forget_proofs import forget_proofs
from mooring.accounts.models import Attempt, Code, SignUp, UsedTotpStep, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes
from mooring.accounts.proofs.codes import CodeVerdict, Purpose

WALL = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = datetime(2030, 1, 1, tzinfo=UTC)
ORIGIN = Origin(wall=WALL, ip="192.0.2.1", device_name="Firefox on Linux")
A_MINUTE = timedelta(minutes=1)
BINDING = "log-in 1"


@pytest.fixture
def told(monkeypatch):
    """Collect what people would be told."""
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


def open_account(name: str) -> User:
    email = f"{name}@example.com"
    accounts.open_account(email=email, password="four random harbour words", at=AT)
    return User.objects.get(email=email)


@pytest.fixture
def alice(db):
    return open_account("alice")


@pytest.fixture
def bob(db):
    return open_account("bob")


def issue(user, **given):
    asked = {"purpose": Purpose.LOG_IN, "channel": "EMAIL", "to": "alice@example.com"}
    asked |= {"user_id": user.pk if user else None, "origin": ORIGIN, "at": AT}
    with transaction.atomic():
        return codes.issue(**{**asked, "binding": BINDING, **given})


def check(issued, text, user, **given):
    asked = {"purpose": Purpose.LOG_IN, "binding": BINDING, "wall": WALL + A_MINUTE}
    with transaction.atomic():
        return codes.check(issued.id, text, user_id=user.pk if user else None, **{**asked, **given})


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_is_told_in_its_message_and_kept_as_a_digest(alice, told):
    issued = issue(alice)
    (message,) = told
    code = message.facts["code"]
    assert (message.kind, message.to, message.is_secret) == (
        "code_log_in",
        "alice@example.com",
        True,
    )
    assert len(code) == 6
    assert code.isdigit()
    row = Code.objects.get(id=issued.id)
    assert code not in row.digest
    assert len(row.digest) == 64
    assert issued.expires_at == WALL + timedelta(minutes=10)


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1} {2}", "{1}-{2}", "{3}"])
def test_a_code_is_right_as_people_type_it(alice, told, typed):
    issued = issue(alice)
    code = told[-1].facts["code"]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert check(issued, typed.format(code, code[:3], code[3:], wide), alice) == CodeVerdict.RIGHT


def test_a_code_is_right_once(alice, told):
    issued = issue(alice)
    code = told[-1].facts["code"]
    assert check(issued, code, alice) == CodeVerdict.RIGHT
    assert check(issued, code, alice) == CodeVerdict.SPENT_OR_EXPIRED


def test_the_fifth_try_may_be_right(alice, told):
    issued = issue(alice)
    code = told[-1].facts["code"]
    tries = [check(issued, other_than(code), alice) for _ in range(4)]
    assert tries == [CodeVerdict.WRONG] * 4
    assert check(issued, code, alice) == CodeVerdict.RIGHT


def test_after_five_wrong_tries_nothing_is_right(alice, told):
    issued = issue(alice)
    code = told[-1].facts["code"]
    tries = [check(issued, other_than(code), alice) for _ in range(5)]
    assert tries == [CodeVerdict.WRONG] * 4 + [CodeVerdict.NO_TRIES_LEFT]
    assert check(issued, code, alice) == CodeVerdict.NO_TRIES_LEFT


def test_a_code_lives_ten_minutes(alice, told):
    issued = issue(alice)
    code, end = told[-1].facts["code"], WALL + timedelta(minutes=10)
    assert check(issued, code, alice, wall=end) == CodeVerdict.SPENT_OR_EXPIRED
    moment = timedelta(microseconds=1)
    assert check(issued, code, alice, wall=end - moment) == CodeVerdict.RIGHT


@pytest.mark.parametrize(
    ("case", "given"),
    [
        ("another purpose", {"purpose": Purpose.STEP_UP}),
        ("another binding", {"binding": "log-in 2"}),
        ("no binding", {"binding": ""}),
    ],
)
def test_a_code_opens_only_what_it_was_made_for(alice, told, case, given):
    issued = issue(alice)
    code = told[-1].facts["code"]
    assert check(issued, code, alice, **given) == CodeVerdict.SPENT_OR_EXPIRED, case
    assert Code.objects.get(id=issued.id).tries == 0, case


def test_a_code_opens_nothing_for_another_person(alice, bob, told):
    issued = issue(alice)
    code = told[-1].facts["code"]
    assert check(issued, code, bob) == CodeVerdict.SPENT_OR_EXPIRED
    assert check(issued, code, None) == CodeVerdict.SPENT_OR_EXPIRED
    assert check(issued, code, alice) == CodeVerdict.RIGHT


def test_a_digest_moved_to_another_row_opens_nothing(alice, bob, told):
    mine = issue(bob)
    issue(alice)
    code = told[-1].facts["code"]
    theirs = Code.objects.get(user=alice)
    Code.objects.filter(id=mine.id).update(digest=theirs.digest)
    assert check(mine, code, bob) == CodeVerdict.WRONG


def test_an_absent_code_is_answered_like_a_spent_one(alice, told):
    issued = codes.IssuedCode(id=uuid4(), expires_at=WALL)
    assert check(issued, "123456", alice) == CodeVerdict.SPENT_OR_EXPIRED


def test_a_code_for_somebody_unknown_is_never_right(db, told):
    issued = issue(None, is_right=False, is_delivered=False, with_link=True)
    (message,) = told
    assert not message.is_delivered
    assert check(issued, message.facts["code"], None) == CodeVerdict.WRONG
    assert check(issued, "", None) == CodeVerdict.WRONG
    with transaction.atomic():
        token = message.facts["link_token"]
        assert codes.check_link(token, purpose=Purpose.LOG_IN, wall=WALL) is None


def test_a_known_and_an_unknown_person_cost_the_same_statements(
    alice, told, django_assert_num_queries
):
    for user in (alice, None):
        with transaction.atomic(), django_assert_num_queries(2):
            codes.issue(
                purpose=Purpose.PASSWORD_RESET,
                channel="EMAIL",
                to="alice@example.com",
                user_id=user.pk if user else None,
                origin=ORIGIN,
                at=AT,
                binding="browser",
                is_right=user is not None,
            )


def test_the_latest_message_is_the_one_that_counts(alice, told):
    first, second = issue(alice), issue(alice)
    one, two = (message.facts["code"] for message in told)
    assert check(first, one, alice) == CodeVerdict.SPENT_OR_EXPIRED
    assert check(second, two, alice) == CodeVerdict.RIGHT


def test_a_link_spends_its_code_once(alice, told):
    issued = issue(alice, with_link=True)
    token, code = told[-1].facts["link_token"], told[-1].facts["code"]
    with transaction.atomic():
        assert codes.check_link(token, purpose=Purpose.STEP_UP, wall=WALL) is None
        assert codes.check_link(token + "x", purpose=Purpose.LOG_IN, wall=WALL) is None
        late = WALL + timedelta(minutes=10)
        assert codes.check_link(token, purpose=Purpose.LOG_IN, wall=late) is None
        found = codes.check_link(token, purpose=Purpose.LOG_IN, wall=WALL)
        assert found is not None
        assert found.id == issued.id
        assert codes.check_link(token, purpose=Purpose.LOG_IN, wall=WALL) is None
    assert check(issued, code, alice) == CodeVerdict.SPENT_OR_EXPIRED


def test_a_code_without_a_link_has_no_link_that_opens_it(alice, told):
    issue(alice)
    with transaction.atomic():
        assert codes.check_link("", purpose=Purpose.LOG_IN, wall=WALL) is None


def test_every_open_code_of_a_person_can_be_ended(alice, bob, told):
    mine, theirs = issue(alice), issue(bob)
    of_alice, of_bob = (message.facts["code"] for message in told)
    with transaction.atomic():
        assert codes.end_codes(user_id=alice.pk, wall=WALL) == 1
    assert check(mine, of_alice, alice) == CodeVerdict.SPENT_OR_EXPIRED
    assert check(theirs, of_bob, bob) == CodeVerdict.RIGHT


def test_what_is_known_of_a_code_can_be_asked_without_trying_it(alice, told):
    issued = issue(alice)
    check(issued, "x", alice)
    view = codes.find_code(issued.id, purpose=Purpose.LOG_IN)
    assert view is not None
    assert (view.user_id, view.sent_to, view.tries_left) == (alice.pk, "alice@example.com", 4)
    assert codes.find_code(issued.id, purpose=Purpose.RECOVERY) is None


def test_of_twenty_who_bring_the_right_code_at_once_one_is_let_in(committed_db, told):
    alice = open_account("alice")
    issued = issue(alice)
    code, start = told[-1].facts["code"], threading.Barrier(20)

    def attempt(_number):
        try:
            start.wait(30)
            return check(issued, code, alice)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        verdicts = Counter(threads.map(attempt, range(20)))
    assert verdicts == {CodeVerdict.RIGHT: 1, CodeVerdict.SPENT_OR_EXPIRED: 19}


def test_of_twenty_wrong_tries_at_once_five_are_compared(committed_db, told):
    alice = open_account("alice")
    issued = issue(alice)
    code, start = told[-1].facts["code"], threading.Barrier(20)

    def attempt(_number):
        try:
            start.wait(30)
            return check(issued, other_than(code), alice)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        verdicts = Counter(threads.map(attempt, range(20)))
    assert verdicts == {CodeVerdict.WRONG: 4, CodeVerdict.NO_TRIES_LEFT: 16}
    assert Code.objects.get(id=issued.id).tries == 5


def test_what_ended_is_forgotten_a_day_later(alice, told):
    issued = issue(alice)
    code = Code.objects.get(id=issued.id)
    SignUp.objects.create(code=code, password="x", terms_version="1", terms_accepted_at=WALL)
    UsedTotpStep.objects.create(user=alice, step=1, used_at=WALL)
    Attempt.objects.create(bucket="x", window_start=WALL, count=1)
    accounts_of_alice = User.objects.count()
    assert forget_proofs(wall=WALL + timedelta(days=1)) == 0
    assert forget_proofs(wall=WALL + timedelta(days=1, minutes=11)) == 4
    assert not SignUp.objects.exists()
    assert User.objects.count() == accounts_of_alice
