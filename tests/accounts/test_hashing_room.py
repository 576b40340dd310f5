"""A flood of strangers takes turns at hashing; people in their own browsers need none."""

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import transaction

from mooring.accounts import api as accounts
from mooring.accounts.entrance import log_in_password, signing_up
from mooring.accounts.entrance.hashing_room import Room, aside
from mooring.accounts.models import Attempt, SignUp, User
from mooring.accounts.origin import Origin
from mooring.accounts.presence import devices

AT = datetime(2030, 1, 1, tzinfo=UTC)
ORIGIN = Origin(wall=datetime(2026, 3, 1, 12, tzinfo=UTC), ip="192.0.2.1", device_name="Firefox")
PASSWORD = "four random harbour words"


def test_no_more_than_the_turns_are_taken_at_once():
    room = Room(turns=2, waiting_max=100, seconds_max=30)
    inside, most = [], []

    def hash_something(_number):
        with room.turn() as has_turn:
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()
            return has_turn

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(hash_something, range(20)))
    assert max(most) <= 2


def test_who_finds_the_queue_full_is_told_at_once():
    room = Room(turns=1, waiting_max=0, seconds_max=30)
    with room.turn() as first, room.turn() as second:
        assert (first, second) == (True, False)
    with room.turn() as again:
        assert again


def test_who_waits_too_long_is_told_so_and_leaves_the_queue():
    room = Room(turns=1, waiting_max=1, seconds_max=0.01)
    with room.turn(), room.turn() as waited:
        assert not waited
    for _time in range(5):
        with room.turn() as has_turn:
            assert has_turn


def test_a_failure_gives_the_turn_back():
    room = Room(turns=1, waiting_max=0, seconds_max=0.01)
    with pytest.raises(ValueError, match="broken"), room.turn():
        raise ValueError("broken")
    with room.turn() as has_turn:
        assert has_turn


def test_what_is_done_aside_gives_way_to_everything_else_and_returns_or_fails_as_it_would():
    niceness = aside(os.nice, 0)
    assert niceness >= (os.nice(0) + 10 if sys.platform == "linux" else 0)
    assert aside(int, "12", base=8) == 10
    with pytest.raises(ValueError, match="invalid literal"):
        aside(int, "no number")
    assert aside(os.nice, 0) == niceness, "no lower with each"


@pytest.fixture
def _full(monkeypatch):
    room = Room(turns=1, waiting_max=0, seconds_max=0.01)
    monkeypatch.setattr(log_in_password, "STRANGERS", room)
    monkeypatch.setattr(signing_up, "STRANGERS", room)
    release, is_held = threading.Event(), threading.Event()

    def hold():
        with room.turn():
            is_held.set()
            release.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait(30)
    yield
    release.set()
    holder.join()


@pytest.mark.django_db
@pytest.mark.usefixtures("_full")
def test_in_a_flood_the_owners_browser_gets_in_and_others_look_wrong():
    accounts.open_account(email="alice@example.com", password=PASSWORD, at=AT)
    with transaction.atomic():
        _id, token = devices.confirm(user_id=User.objects.get().pk, origin=ORIGIN)
    assert _log_in(()) is None
    found = _log_in((token,))
    assert found is not None
    assert found.user_id == User.objects.get().pk
    assert Attempt.objects.exists(), "counted though nobody looked"


@pytest.mark.django_db
@pytest.mark.usefixtures("_full")
def test_in_a_flood_a_sign_up_is_asked_to_come_again():
    alice = accounts.entrance.read_identifier("alice@example.com")
    with pytest.raises(accounts.entrance.EntranceBusy):
        accounts.entrance.begin_sign_up(
            identifier=alice, password=PASSWORD, terms_version="t1", origin=ORIGIN, at=AT
        )
    assert not SignUp.objects.exists()


def _log_in(tokens):
    return log_in_password.check_log_in_password(
        typed="alice@example.com", password=PASSWORD, tokens=tokens, origin=ORIGIN, at=AT
    )
