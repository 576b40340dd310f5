"""Withdrawals wait after a change of security; what has begun to wait is never shortened."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from mooring.accounts import api as accounts
from mooring.accounts.models import Hold, SecurityEvent
from mooring.accounts.protection import holds
from mooring.accounts.protection.holds import Cause, begin_hold, list_holds, withdrawals_held_until
from mooring.policies import api as policies

pytestmark = pytest.mark.django_db

AT = datetime(2030, 1, 1, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
NUMBERS = count(1)


@pytest.fixture
def alice():
    return accounts.open_account(email="alice@example.com", password="four random words", at=AT)


def hold(account_id, cause, *, at=AT):
    with transaction.atomic():
        return begin_hold(account_id, cause, at=at)


def set_hours(cause, hours, *, at):
    policies.set_policy(
        holds._HOURS[cause],
        hours,
        effective_from=at,
        reason="a test",
        author="carol",
        at=at,
    )


@pytest.mark.parametrize(
    ("cause", "hours"),
    [
        (Cause.PASSWORD_CHANGED, 24),
        (Cause.FACTOR_ADDED, 6),
        (Cause.FACTOR_REMOVED, 24),
        (Cause.LOWER_FACTOR, 24),
        (Cause.EMAIL_CHANGED, 72),
        (Cause.PHONE_CHANGED, 72),
        (Cause.NEW_DEVICE, 24),
        (Cause.RECOVERY, 72),
    ],
)
def test_each_cause_holds_for_its_time(alice, cause, hours):
    end = AT + hours * AN_HOUR
    assert hold(alice, cause) == end
    assert withdrawals_held_until(alice, at=end - timedelta(seconds=1)) == end
    assert withdrawals_held_until(alice, at=end) is None


def test_every_cause_has_a_time():
    assert set(holds._HOURS) == set(Cause)


def test_a_short_hold_during_a_long_one_changes_nothing_of_its_end(alice):
    until = hold(alice, Cause.EMAIL_CHANGED)
    hold(alice, Cause.FACTOR_ADDED, at=AT + AN_HOUR)
    assert withdrawals_held_until(alice, at=AT + AN_HOUR) == until


def test_a_hold_says_why_and_until_when_the_longest_first(alice):
    hold(alice, Cause.FACTOR_ADDED)
    hold(alice, Cause.NEW_DEVICE, at=AT + AN_HOUR)
    seen = [(view.cause, view.ends_at) for view in list_holds(alice, at=AT + 2 * AN_HOUR)]
    assert seen == [
        (Cause.NEW_DEVICE, AT + 25 * AN_HOUR),
        (Cause.FACTOR_ADDED, AT + 6 * AN_HOUR),
    ]


def test_an_operator_may_ask_for_none(alice):
    set_hours(Cause.NEW_DEVICE, 0, at=AT)
    assert hold(alice, Cause.NEW_DEVICE) is None
    assert not Hold.objects.exists()


def test_a_hold_is_of_one_account(alice):
    bob = accounts.open_account(email="bob@example.com", password="four other words", at=AT)
    hold(alice, Cause.RECOVERY)
    assert withdrawals_held_until(bob, at=AT) is None


def test_a_hold_is_recorded(alice):
    hold(alice, Cause.RECOVERY)
    event = SecurityEvent.objects.get(kind=accounts.Kind.HOLD_BEGUN)
    assert event.details == {"cause": "RECOVERY", "ends_at": (AT + 72 * AN_HOUR).isoformat()}


@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("hold"), st.sampled_from(list(Cause))),
            st.tuples(st.sampled_from(list(Cause)), st.integers(min_value=0, max_value=720)),
            st.tuples(st.just("wait"), st.integers(min_value=1, max_value=48)),
        ),
        max_size=12,
    )
)
def test_nothing_shortens_a_hold(steps):
    account_id = accounts.open_account(
        email=f"carol{next(NUMBERS)}@example.com", password="four random words", at=AT
    )
    at, end = AT, AT
    for what, about in steps:
        if what == "hold":
            hold(account_id, about, at=at)
        elif what == "wait":
            at += about * AN_HOUR
        else:
            set_hours(what, about, at=at)
        found = withdrawals_held_until(account_id, at=at)
        if end > at:
            assert found is not None
            assert found >= end
        end = found or end
