"""
Whatever people, the operator and the chain do in whatever order, staking creates nothing.

Rules draw deposits, stakes, tokens given back, ratios, moves of the platform's stake, and time.
After each step the book is compared with fractions. The second half plants faults.
"""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from mooring.earn.actions import stake
from mooring.earn.queries import unstaking as unstaking_queries
from mooring.earn.rules import unstaking
from mooring.earn.rules.liquid import Staked
from tests.properties.liquid_machine import LiquidMachine, build

EVERY_RUN = settings(
    max_examples=15,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
#: The same searches every time; the first failure is enough.
SEARCH = settings(
    EVERY_RUN,
    max_examples=60,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    print_blob=False,
)


@pytest.fixture(autouse=True)
def _world(db, monkeypatch):
    monkeypatch.setattr(LiquidMachine, "ids", build(), raising=False)


def test_liquid_staking_creates_nothing():
    asked = settings.default
    searches_long = asked.max_examples > settings.get_profile("mooring").max_examples
    run_state_machine_as_test(LiquidMachine, settings=asked if searches_long else EVERY_RUN)


# --- planted ---


def give_a_unit_more(patch):
    right = stake.tokens_for

    def tokens_for(amount, *, ratio):
        bought = right(amount, ratio=ratio)
        return Staked(tokens=bought.tokens + Decimal("1e-8"), cost=bought.cost)

    patch.setattr(stake, "tokens_for", tokens_for)


def owe_a_unit_more(patch):
    right = unstaking.worth_of
    patch.setattr(
        unstaking, "worth_of", lambda tokens, *, ratio: right(tokens, ratio=ratio) + Decimal("1e-8")
    )


def take_what_was_typed(patch):
    right = stake.tokens_for

    def tokens_for(amount, *, ratio):
        return Staked(tokens=right(amount, ratio=ratio).tokens, cost=amount)

    patch.setattr(stake, "tokens_for", tokens_for)


def forget_what_was_given_back_today(patch):
    patch.setattr(unstaking_queries, "given_back_today", lambda _ids, **_at: {})


PLANTED = [
    give_a_unit_more,
    owe_a_unit_more,
    take_what_was_typed,
    forget_what_was_given_back_today,
]


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_caught(monkeypatch, plant):
    plant(monkeypatch)
    with pytest.raises(Exception) as caught:
        run_state_machine_as_test(LiquidMachine, settings=SEARCH)
    assert not isinstance(caught.value, (TypeError, NameError, AttributeError)), caught.value
