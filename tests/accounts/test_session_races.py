"""Ending log-ins while they are used: nobody waits for ever, and nothing ended lives on."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from mooring.accounts import api as accounts
from mooring.accounts.models import LoginSession, User
from mooring.accounts.origin import Origin
from mooring.accounts.presence import sessions

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = Origin(wall=NOON, ip="203.0.113.7", device_name="Firefox on Linux")
ROUNDS = 10


@pytest.fixture
def _django_db_helper() -> None:
    """No transaction around these tests: each has a clone in which commits are real."""


@pytest.fixture
def alice(committed_db: str) -> User:
    accounts.open_account(email="alice@example.com", password="harbour words", at=NOON)
    return User.objects.get(email="alice@example.com")


def _begin(user: User) -> tuple[int, Any]:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.save()
    with transaction.atomic():
        session_id = sessions.begin_session(
            user_id=user.pk, session_key=session.session_key, device_id=None, origin=HERE
        )
    return session_id, session


def _at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Run everything at the same time; return what was raised."""
    barrier = threading.Barrier(len(works))
    raised: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait()
            work()
        except Exception as error:  # noqa: BLE001 - judged by the test
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def _end_others(user: User, session_id: int, session: Any) -> Callable[[], object]:
    return lambda: accounts.presence.end_other_sessions(
        session, user_id=user.pk, session_id=session_id, origin=HERE, at=NOON
    )


def test_of_four_who_end_all_others_one_stays_in(alice: User) -> None:
    for _round in range(ROUNDS):
        begun = [_begin(alice) for _browser in range(4)]
        raised = _at_once(*(_end_others(alice, *one) for one in begun))
        assert [type(error) for error in raised] == [accounts.SessionOver] * 3
        [left] = LoginSession.objects.filter(user=alice, ended_at__isnull=True)
        assert set(Session.objects.values_list("session_key", flat=True)) == {left.session_key}
        accounts.presence.end_session(session_id=left.pk, end="LOGGED_OUT", wall=NOON)


def test_a_log_in_cannot_be_rotated_out_of_being_ended(alice: User) -> None:
    for _round in range(ROUNDS):
        mine, session = _begin(alice)
        stolen, copy = _begin(alice)
        raised = _at_once(
            _end_others(alice, mine, session),
            partial(accounts.presence.rotate_session, copy, session_id=stolen),
        )
        assert {type(error) for error in raised} <= {accounts.SessionOver}
        assert LoginSession.objects.get(id=stolen).end == "REVOKED"
        assert list(Session.objects.values_list("session_key", flat=True)) == [session.session_key]
        accounts.presence.end_session(session_id=mine, end="LOGGED_OUT", wall=NOON)
