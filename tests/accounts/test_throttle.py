"""Tries are counted before anything is looked at, and who guesses does not lock the owner out."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from mooring.accounts import policies as limits
from mooring.accounts.entrance import throttle
from mooring.accounts.models import Attempt

WALL = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OWNER = "alice@example.com"
HOME = "203.0.113.7"
PASSWORDS = limits.PASSWORD_TRIES.default // 3
PASSWORDS_UNKNOWN = limits.PASSWORD_TRIES_UNKNOWN.default // 3


def test_the_rule_and_its_numbers_agree():
    assert PASSWORDS * 3 <= 100
    assert limits.CODE_TRIES.maximum <= 10
    assert limits.PASSWORD_TRIES.maximum <= 100
    assert PASSWORDS_UNKNOWN < PASSWORDS
    assert (
        limits.CODE_TRIES_UNPROVEN.default
        < limits.CODE_TRIES_UNKNOWN.default
        < limits.CODE_TRIES.default
    )


@pytest.mark.django_db
def test_a_budget_is_used_up():
    assert _guess(PASSWORDS_UNKNOWN + 10) == PASSWORDS_UNKNOWN
    assert _guess(1, identifier="bob@example.com") == 1


@pytest.mark.django_db
def test_who_is_refused_uses_up_nothing_else():
    _guess(PASSWORDS_UNKNOWN)
    before = sum(Attempt.objects.values_list("count", flat=True))
    _guess(20)
    assert sum(Attempt.objects.values_list("count", flat=True)) == before


@pytest.mark.django_db
@pytest.mark.parametrize("offset", [0, 1, 4, 17])
def test_in_no_hour_are_more_looked_at_than_the_limit(offset):
    """A guess every ten seconds for five hours; every hour of them is counted."""
    start = WALL + offset * MINUTE
    taken = []
    for step in range(5 * 360):
        wall = start + timedelta(seconds=10 * step)
        if throttle.take(*throttle.code_budgets(7, HOME, None), wall=wall, at=wall):
            taken.append(wall)
    limit = limits.CODE_TRIES_UNKNOWN.default
    for moment in taken:
        assert sum(moment <= other < moment + timedelta(hours=1) for other in taken) <= limit
    assert len(taken) >= 4 * limit, "the budget comes back"


@pytest.mark.django_db
def test_the_owner_of_a_confirmed_device_is_not_locked_out():
    for number in range(200):
        network = f"2001:db8:{number:x}::1"
        throttle.take(*throttle.password_budgets(OWNER, network, None), wall=WALL, at=WALL)
        throttle.take(*throttle.code_budgets(7, network, None), wall=WALL, at=WALL)
    assert not throttle.take(*throttle.password_budgets(OWNER, HOME, None), wall=WALL, at=WALL)
    assert throttle.take(*throttle.password_budgets(OWNER, HOME, 1), wall=WALL, at=WALL)
    assert not throttle.take(*throttle.code_budgets(7, HOME, None), wall=WALL, at=WALL)
    assert throttle.take(*throttle.code_budgets(7, HOME, 1), wall=WALL, at=WALL)


@pytest.mark.django_db
def test_who_has_given_the_password_is_not_locked_out_by_who_has_not():
    guesses = [
        throttle.take(*throttle.code_budgets(7, HOME, None, is_proven=False), wall=WALL, at=WALL)
        for _ in range(20)
    ]
    assert sum(guesses) == limits.CODE_TRIES_UNPROVEN.default
    assert throttle.take(*throttle.code_budgets(7, HOME, None), wall=WALL, at=WALL)


@pytest.mark.django_db
def test_a_used_up_network_does_not_lock_a_confirmed_device_out():
    network = [
        throttle.take(
            *throttle.password_budgets(f"p{number}@example.com", HOME, None), wall=WALL, at=WALL
        )
        for number in range(limits.PASSWORD_TRIES_NETWORK.default + 20)
    ]
    assert sum(network) == limits.PASSWORD_TRIES_NETWORK.default
    assert throttle.take(*throttle.password_budgets(OWNER, HOME, 1), wall=WALL, at=WALL)


@pytest.mark.django_db
def test_a_policy_in_force_is_the_limit():
    from mooring.policies import api as policies

    policies.set_policy(
        limits.CODE_TRIES,
        2,
        effective_from=WALL + 5 * MINUTE,
        author="operator",
        reason="an attack",
        at=WALL,
    )
    later = WALL + 10 * MINUTE
    budgets = throttle.code_budgets(7, HOME, 1)
    assert [throttle.take(*budgets, wall=WALL, at=later) for _ in range(3)] == [True, True, False]
    assert throttle.take(*budgets, wall=WALL, at=WALL), "in force later only"


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
    ],
)
def test_a_network_is_what_one_customer_has(ip, network):
    assert throttle.network_of(ip) == network


@pytest.mark.django_db
def test_neither_address_nor_network_can_be_read_from_what_is_counted():
    throttle.take(*throttle.password_budgets(OWNER, HOME, None), wall=WALL, at=WALL)
    for bucket in Attempt.objects.values_list("bucket", flat=True):
        assert len(bucket) == 64
        assert "alice" not in bucket


def test_forty_threads_never_take_more_than_a_budget_holds(committed_db, django_db_blocker):
    """From two networks in turn, so that budgets are taken in every combination."""
    start = threading.Barrier(40)

    def guess(number):
        start.wait()
        network = f"203.0.113.{number % 2}"
        try:
            return sum(
                throttle.take(*throttle.password_budgets(OWNER, network, None), wall=WALL, at=WALL)
                for _ in range(5)
            )
        finally:
            connection.close()

    with django_db_blocker.unblock():
        with ThreadPoolExecutor(40) as pool:
            taken = sum(pool.map(guess, range(40)))
        counted = sorted(Attempt.objects.values_list("count", flat=True))
    assert taken == PASSWORDS_UNKNOWN
    assert counted[-2:] == [taken, taken]
    assert sum(counted[:-2]) == taken


def _guess(times, identifier=OWNER):
    budgets = throttle.password_budgets(identifier, HOME, None)
    return sum(throttle.take(*budgets, wall=WALL, at=WALL) for _ in range(times))


_GUESSER = """
import sys
from datetime import datetime
import django
django.setup()
from mooring.accounts.entrance import throttle
wall = datetime.fromisoformat(sys.argv[1])
budgets = throttle.password_budgets(sys.argv[2], sys.argv[3], None)
print("ready", flush=True)
sys.stdin.readline()
print(sum(throttle.take(*budgets, wall=wall, at=wall) for _ in range(50)))
"""


def test_four_processes_never_take_more_than_a_budget_holds(committed_url):
    environment = {**os.environ, "DATABASE_URL": committed_url, "MOORING_DATABASE_ROLE": ""}
    guessers = [
        subprocess.Popen(
            [sys.executable, "-c", _GUESSER, WALL.isoformat(), OWNER, f"203.0.113.{number % 2}"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    assert [guesser.stdout.readline() for guesser in guessers] == ["ready\n"] * 4
    for guesser in guessers:
        guesser.stdin.write("go\n")
        guesser.stdin.flush()
    taken = [int(guesser.communicate(timeout=60)[0]) for guesser in guessers]
    assert sum(taken) == PASSWORDS_UNKNOWN, taken
