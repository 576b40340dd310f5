"""Log-ins: one row says whether somebody is in, since when, and how it ended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from mooring.accounts import api as accounts
from mooring.accounts.actions.end_session import end_due_sessions, log_out
from mooring.accounts.models import Account, LoginSession, SecurityEvent, User
from mooring.accounts.origin import Origin
from mooring.accounts.policies import SESSION_IDLE_MINUTES
from mooring.accounts.presence import devices, sessions
from mooring.kernel import clock
from mooring.policies import api as policies

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = Origin(wall=NOON, ip="203.0.113.7", device_name="Firefox on Linux")


@pytest.fixture
def alice() -> User:
    return _person("alice@example.com")


def _person(email: str) -> User:
    accounts.open_account(email=email, password="four random harbour words", at=NOON)
    return User.objects.get(email=email)


def _django_session() -> Any:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["kept"] = "yes"
    session.save()
    return session


def _begin(user: User, *, origin: Origin = HERE) -> tuple[int, Any]:
    session = _django_session()
    with transaction.atomic():
        session_id = sessions.begin_session(
            user_id=user.pk, session_key=session.session_key, device_id=None, origin=origin
        )
    return session_id, session


def _found(user: User, session: Any) -> sessions.OpenSession:
    found = sessions.find_session(session.session_key, user_id=user.pk)
    assert found is not None
    return found


def test_a_session_is_found_by_its_key_with_its_account(alice: User) -> None:
    session_id, session = _begin(alice)
    found = _found(alice, session)
    assert found.id == session_id
    assert found.profile is not None
    assert found.profile.account_id == Account.objects.get(user=alice).pk


def test_a_session_is_nobody_elses(alice: User) -> None:
    _, session = _begin(alice)
    assert sessions.find_session(session.session_key, user_id=alice.pk + 1) is None


def test_staff_have_sessions_without_an_account() -> None:
    staff = User.objects.create(email="staff@example.com", is_staff=True)
    _, session = _begin(staff)
    assert _found(staff, session).profile is None


@pytest.mark.parametrize(
    ("case", "begun", "seen", "end"),
    [
        ("fresh", timedelta(0), timedelta(0), None),
        ("almost idle", timedelta(hours=2), timedelta(minutes=29, seconds=59), None),
        ("idle", timedelta(hours=2), timedelta(minutes=30), "IDLE"),
        ("almost too old", timedelta(hours=11, minutes=59), timedelta(0), None),
        ("too old, though in use", timedelta(hours=12), timedelta(0), "AGE"),
    ],
)
def test_a_session_ends_by_the_limits_in_force(
    alice: User, case: str, begun: timedelta, seen: timedelta, end: str | None
) -> None:
    _, session = _begin(alice)
    found = replace(_found(alice, session), begun_at=NOON - begun, seen_at=NOON - seen)
    assert sessions.end_due(found, wall=NOON, at=NOON) == end, case


def test_the_limits_are_policies(alice: User) -> None:
    _, session = _begin(alice)
    policies.set_policy(
        SESSION_IDLE_MINUTES,
        5,
        effective_from=NOON + timedelta(minutes=1),
        at=NOON,
        author="operator",
        reason="test",
    )
    found = _found(alice, session)
    later = NOON + timedelta(minutes=6)
    assert sessions.end_due(found, wall=later, at=NOON) is None
    assert sessions.end_due(found, wall=later, at=later) == "IDLE"


@pytest.mark.parametrize("status", ["DISABLED", "CLOSED"])
def test_a_session_of_an_account_that_is_not_open_is_over(alice: User, status: str) -> None:
    _, session = _begin(alice)
    stamped = {"disabled_at" if status == "DISABLED" else "closed_at": NOON}
    Account.objects.filter(user=alice).update(status=status, **stamped)
    found = _found(alice, session)
    assert sessions.end_due(found, wall=NOON, at=NOON) == "SECURITY"


def test_use_is_written_down_at_most_once_a_minute(alice: User) -> None:
    with transaction.atomic():
        device_id, _ = devices.confirm(user_id=alice.pk, origin=HERE)
    session_id, session = _begin(alice)
    LoginSession.objects.filter(id=session_id).update(device_id=device_id)
    soon, later = NOON + timedelta(seconds=59), NOON + timedelta(seconds=60)
    sessions.touch(_found(alice, session), ip="198.51.100.1", wall=soon)
    assert _found(alice, session).seen_at == NOON
    sessions.touch(_found(alice, session), ip="198.51.100.1", wall=later)
    assert _found(alice, session).seen_at == later
    [device] = devices.list_devices(user_id=alice.pk)
    assert (device.seen_at, device.ip) == (later, "198.51.100.1")


def test_a_session_that_has_ended_is_not_touched(alice: User) -> None:
    session_id, session = _begin(alice)
    found = _found(alice, session)
    accounts.presence.end_session(session_id=session_id, end="IDLE", wall=NOON)
    sessions.touch(found, ip="198.51.100.1", wall=NOON + timedelta(hours=1))
    assert LoginSession.objects.get(id=session_id).seen_at == NOON


def test_rotating_gives_a_new_key_and_keeps_what_is_in_the_session(alice: User) -> None:
    session_id, session = _begin(alice)
    old_key = session.session_key
    accounts.presence.rotate_session(session, session_id=session_id)
    session.save()
    assert sessions.find_session(old_key, user_id=alice.pk) is None
    assert not Session.objects.filter(session_key=old_key).exists()
    assert _found(alice, session).id == session_id
    assert session["kept"] == "yes"


def test_an_ended_session_cannot_be_rotated_into_a_live_one(alice: User) -> None:
    session_id, session = _begin(alice)
    accounts.presence.end_session(session_id=session_id, end="REVOKED", wall=NOON)
    with pytest.raises(accounts.SessionOver):
        accounts.presence.rotate_session(session, session_id=session_id)


def test_a_copy_of_a_rotated_session_cannot_rotate_it_back(alice: User) -> None:
    session_id, session = _begin(alice)
    copy = import_module(settings.SESSION_ENGINE).SessionStore(session.session_key)
    accounts.presence.rotate_session(session, session_id=session_id)
    with pytest.raises(accounts.SessionOver):
        accounts.presence.rotate_session(copy, session_id=session_id)


def test_ending_all_but_one_ends_djangos_sessions_too(alice: User) -> None:
    bob = _person("bob@example.com")
    mine, session = _begin(alice)
    _, other = _begin(alice)
    _, bobs = _begin(bob)
    with transaction.atomic():
        count = sessions.end_sessions(alice.pk, end="SECURITY", wall=NOON, except_session_id=mine)
    assert count == 1
    kept = set(Session.objects.values_list("session_key", flat=True))
    assert kept == {session.session_key, bobs.session_key}
    assert sessions.find_end(other.session_key) == "SECURITY"
    assert sessions.find_end(session.session_key) is None


def test_logging_out_is_an_event_and_happens_once(alice: User) -> None:
    session_id, _ = _begin(alice)
    for _attempt in range(2):
        log_out(user_id=alice.pk, session_id=session_id, origin=HERE, at=NOON)
    assert LoginSession.objects.get(id=session_id).end == "LOGGED_OUT"
    assert SecurityEvent.objects.filter(user=alice, kind="logged_out").count() == 1


def test_logging_in_ends_the_log_in_that_the_browser_had(alice: User) -> None:
    before, session = _begin(alice)
    fresh = _django_session()
    accounts.entrance.log_in(
        alice,
        session_key=fresh.session_key,
        previous_key=session.session_key,
        device_id=None,
        origin=HERE,
        at=NOON,
    )
    assert LoginSession.objects.get(id=before).end == "LOGGED_OUT"
    assert SecurityEvent.objects.filter(user=alice, kind="logged_in").count() == 1


def test_log_ins_that_did_not_come_back_are_ended_by_the_limits(alice: User) -> None:
    idle, _ = _begin(alice, origin=replace(HERE, wall=NOON - timedelta(minutes=31)))
    old, _ = _begin(alice, origin=replace(HERE, wall=NOON - timedelta(hours=13)))
    live, _ = _begin(alice)
    assert end_due_sessions(at=clock.now(), wall=NOON) == 2
    ends = dict(LoginSession.objects.values_list("id", "end"))
    assert ends == {idle: "IDLE", old: "AGE", live: ""}
