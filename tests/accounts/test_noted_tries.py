"""What strangers try becomes part of the record of who it was about, and floods nobody's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction

from mooring.accounts import api as accounts
from mooring.accounts import events
from mooring.accounts.actions.tell_of_tries import tell_of_tries
from mooring.accounts.entrance import noted_tries
from mooring.accounts.entrance.identifiers import read_identifier
from mooring.accounts.entrance.log_in_password import check_log_in_password
from mooring.accounts.events import Kind
from mooring.accounts.models import Account, NotedTry, SecurityEvent, User
from mooring.accounts.origin import Origin
from mooring.accounts.protection import recovery_proofs
from mooring.accounts.protection.recovery import RecoveryProof

pytestmark = pytest.mark.django_db

WALL = datetime(2026, 3, 1, 12, 10, tzinfo=UTC)
AT = datetime(2030, 1, 1, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
ALICE, PHONE = "alice@example.com", "+4915112345678"
PASSWORD = "four random harbour words"


@pytest.fixture
def alice():
    user = User.objects.create(email=ALICE, phone=PHONE, password=make_password(PASSWORD))
    Account.objects.create(user=user, opened_at=AT)
    return user


def origin(ip="203.0.113.9", wall=WALL):
    return Origin(wall=wall, ip=ip, device_name="Firefox on Linux")


def fail(typed=ALICE, *, where=None, at=AT):
    found = check_log_in_password(
        typed=typed, password="wrong", tokens=(), origin=where or origin(), at=at
    )
    assert found is None


def record():
    rows = SecurityEvent.objects.order_by("id")
    return sorted([(row.kind, row.ip or "", row.details) for row in rows], key=str)


def test_a_failed_log_in_stays_in_the_record_with_its_network(alice):
    for minute in range(3):
        fail(at=AT + timedelta(minutes=minute))
    fail("nobody@example.com")
    assert tell_of_tries(wall=WALL) == 0, "the hour is not over"
    assert tell_of_tries(wall=WALL + AN_HOUR) == 1
    assert record() == [("log_in_failed", "203.0.113.9", {"count": "3"})]
    event = SecurityEvent.objects.get()
    assert (event.user, event.at) == (alice, AT + timedelta(minutes=2))
    assert not NotedTry.objects.exists(), "also of nobody"
    assert tell_of_tries(wall=WALL + AN_HOUR) == 0


def test_each_hour_and_network_is_one_event(alice):
    fail()
    fail(where=origin("2001:db8:1:2:3::4"))
    fail(where=origin("2001:db8:1:2:ffff::1"))
    fail(where=origin(wall=WALL + AN_HOUR))
    tell_of_tries(wall=WALL + 3 * AN_HOUR)
    assert record() == [
        ("log_in_failed", "2001:db8:1:2::", {"count": "2"}),
        ("log_in_failed", "203.0.113.9", {"count": "1"}),
        ("log_in_failed", "203.0.113.9", {"count": "1"}),
    ]


def test_by_address_and_by_number_is_one_event(alice):
    fail()
    fail(PHONE)
    tell_of_tries(wall=WALL + AN_HOUR)
    assert record() == [("log_in_failed", "203.0.113.9", {"count": "2"})]


def test_many_networks_are_a_few_events(alice):
    for number in range(20):
        for _try in range(5 if number < 3 else 1):
            where = origin(f"198.51.100.{number}")
            noted_tries.note(Kind.RESET_ASKED, ALICE, about=alice.pk, origin=where, at=AT)
    assert tell_of_tries(wall=WALL + AN_HOUR) == 4
    assert record() == [
        ("reset_asked", "", {"count": "17", "networks": "17"}),
        *(("reset_asked", f"198.51.100.{number}", {"count": "5"}) for number in range(3)),
    ]


def test_who_logs_in_is_told_at_once_and_of_their_own_only(alice):
    bob = User.objects.create(email="bob@example.com", password="x")
    fail()
    fail("bob@example.com")
    with transaction.atomic():
        assert noted_tries.tell(user_id=alice.pk) == 1
    assert [row.user for row in SecurityEvent.objects.all()] == [alice]
    tell_of_tries(wall=WALL + AN_HOUR)
    assert set(SecurityEvent.objects.values_list("user_id", flat=True)) == {alice.pk, bob.pk}


def test_a_new_password_that_was_asked_for_and_wrong_codes_are_recorded(alice):
    for typed in (ALICE, "nobody@example.com"):
        code_id = accounts.entrance.ask_reset(
            identifier=read_identifier(typed), tokens=(), origin=origin(), at=AT
        )
        for _try in range(2):
            accounts.entrance.try_reset_code(code_id, "no", tokens=(), origin=origin(), at=AT)
    assert NotedTry.objects.count() == 4, "known and unknown alike"
    tell_of_tries(wall=WALL + AN_HOUR)
    assert record() == [
        ("reset_asked", "203.0.113.9", {"count": "1"}),
        ("reset_refused", "203.0.113.9", {"count": "2"}),
    ]


@pytest.mark.parametrize(
    ("typed", "unknown"), [(ALICE, "x@example.com"), (PHONE, "+4915112345679")]
)
def test_a_recovery_that_was_asked_for_and_wrong_codes_are_recorded(alice, typed, unknown):
    for each in (typed, unknown):
        code_id = recovery_proofs.ask(read_identifier(each), origin=origin(), at=AT)
        assert recovery_proofs.give_code(code_id, "no", origin=origin(), at=AT) is None
    assert NotedTry.objects.count() == 4
    tell_of_tries(wall=WALL + AN_HOUR)
    assert record() == [
        ("recovery_asked", "203.0.113.9", {"count": "1"}),
        ("recovery_refused", "203.0.113.9", {"count": "1"}),
    ]


def test_a_wrong_password_of_a_recovery_is_recorded(alice):
    proof = RecoveryProof(user_id=alice.pk, shown=alice.email, proven_at=WALL.isoformat())
    assert recovery_proofs.give_password(proof, "wrong", origin=origin(), at=AT) is None
    assert record() == [("recovery_refused", "203.0.113.9", {"proof": "password"})]


def test_what_is_noted_keeps_neither_address_nor_number(alice):
    fail()
    fail(PHONE)
    kept = {str(value) for row in NotedTry.objects.values() for value in row.values()}
    assert not {ALICE, PHONE} & kept


def test_nobody_is_mailed_because_of_strangers():
    assert not events.BY_STRANGERS & events.TOLD
