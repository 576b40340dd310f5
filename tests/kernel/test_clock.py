"""The sandbox's clock only moves forward; elsewhere it does not move at all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from mooring.kernel import clock, db

A_DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(settings):
    settings.SANDBOX = False


def is_close(left, right):
    return abs(left - right) < timedelta(seconds=5)


def test_begins_at_the_wall():
    assert is_close(clock.now(), clock.wall())
    assert clock.now().utcoffset() == timedelta(0)


def test_advances():
    assert is_close(clock.advance(A_DAY), clock.wall() + A_DAY)
    assert is_close(clock.advance(A_DAY), clock.wall() + 2 * A_DAY)
    assert is_close(clock.now(), clock.wall() + 2 * A_DAY)


def test_is_set_to_a_time():
    tomorrow = clock.wall() + A_DAY
    assert is_close(clock.set_to(tomorrow), tomorrow)
    assert is_close(clock.now(), tomorrow)


def test_stands_still_when_advanced_by_nothing():
    assert is_close(clock.advance(timedelta(0)), clock.wall())


@pytest.mark.parametrize(
    ("case", "move"),
    [
        ("a second back", lambda: clock.advance(timedelta(seconds=-1))),
        ("to yesterday", lambda: clock.set_to(clock.wall() - A_DAY)),
        ("to the real time, from ahead", lambda: clock.set_to(clock.wall())),
    ],
)
def test_never_moves_back(case, move):
    clock.advance(timedelta(hours=1))
    with pytest.raises(clock.ClockOnlyMovesForward):
        move()
    assert is_close(clock.now(), clock.wall() + timedelta(hours=1)), case


@pytest.mark.parametrize("by", [timedelta(days=21 * 365), timedelta.max])
def test_never_leaves_the_century(by):
    with pytest.raises(clock.ClockTooFar):
        clock.advance(by)


def test_never_leaves_the_century_in_small_steps():
    clock.advance(timedelta(days=19 * 365))
    with pytest.raises(clock.ClockTooFar):
        clock.advance(timedelta(days=2 * 365))


@pytest.mark.parametrize(
    "move", [lambda: clock.advance(A_DAY), lambda: clock.set_to(clock.wall() + A_DAY)]
)
def test_moves_in_a_sandbox_only(production, move):
    with pytest.raises(clock.NotASandbox):
        move()


def test_ignores_the_row_outside_a_sandbox(settings):
    clock.advance(A_DAY)
    settings.SANDBOX = False
    assert is_close(clock.now(), clock.wall())


BROKEN_BY = [
    (
        "kernel_sandbox_clock_is_one",
        "INSERT INTO kernel_sandbox_clock (id, ahead) VALUES (2, '0 s')",
    ),
    (
        "kernel_sandbox_clock_not_behind",
        "INSERT INTO kernel_sandbox_clock (id, ahead) VALUES (1, '-1 s')",
    ),
]


@pytest.mark.parametrize(("constraint", "statement"), BROKEN_BY)
def test_the_table_refuses(constraint, statement):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)
    assert db.constraint_of(refused.value) == constraint
