"""A declaration says what a value may be, and a text is read as nothing else."""

from decimal import Decimal

import pytest

from mooring.policies import api as policies
from mooring.policies import declarations


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declarations, "_DECLARED", dict(declarations._DECLARED))


def test_a_value_read_back_is_the_value_written():
    cases = [
        policies.declare(key="t.int", kind=int, default=7, description="d"),
        policies.declare(key="t.decimal", kind=Decimal, default=Decimal("0.05"), description="d"),
        policies.declare(key="t.bool", kind=bool, default=True, description="d"),
        policies.declare(key="t.str", kind=str, default="SPOT", description="d"),
    ]
    for policy in cases:
        assert policy.parse(policy.text_of(policy.default)) == policy.default


HOURS = {"key": "t.hours", "kind": int, "default": 48, "minimum": 0, "maximum": 72}


@pytest.mark.parametrize("text", ["-1", "73", "1.5", "1e1", " 1", "", "１２", "true", "9" * 5000])
def test_a_text_outside_the_range_is_refused(text):
    policy = policies.declare(**HOURS, description="d")
    with pytest.raises(policies.ValueOutOfRange):
        policy.parse(text)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e400", "0x1", "1_0", "-", "1.", ".5"])
def test_a_decimal_is_plain_digits(text):
    policy = policies.declare(key="t.rate", kind=Decimal, default=Decimal(0), description="d")
    with pytest.raises(policies.ValueOutOfRange):
        policy.parse(text)


@pytest.mark.parametrize(
    ("case", "value"),
    [("a bool is no number", True), ("nor a Decimal", Decimal(1)), ("nor text", "1")],
)
def test_a_value_of_another_kind_is_refused(case, value):
    policy = policies.declare(**HOURS, description="d")
    with pytest.raises(policies.ValueOutOfRange):
        policy.check(value)
    assert policy.check(1) is None, case


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_decimal_is_finite(number):
    policy = policies.declare(key="t.rate", kind=Decimal, default=Decimal(0), description="d")
    with pytest.raises(policies.ValueOutOfRange):
        policy.check(Decimal(number))


def test_choices_are_the_only_values():
    policy = policies.declare(
        key="t.mode", kind=str, default="a", choices=("a", "b"), description="d"
    )
    assert policy.parse("b") == "b"
    with pytest.raises(policies.ValueOutOfRange, match="one of a, b"):
        policy.parse("c")


def test_a_text_has_a_longest():
    policy = policies.declare(key="t.text", kind=str, default="", description="d")
    with pytest.raises(policies.ValueOutOfRange):
        policy.parse("x" * 201)


def test_a_key_is_declared_once():
    policies.declare(**HOURS, description="d")
    with pytest.raises(ValueError, match="twice"):
        policies.declare(**HOURS, description="d")


@pytest.mark.parametrize("key", ["hours", "Earn.hours", "earn.", "earn hours", "earn.9"])
def test_a_key_names_app_and_policy(key):
    with pytest.raises(ValueError, match="written"):
        policies.declare(**{**HOURS, "key": key}, description="d")


def test_a_default_is_in_its_own_range():
    with pytest.raises(policies.ValueOutOfRange):
        policies.declare(**{**HOURS, "default": 73}, description="d")


def test_an_undeclared_key_is_refused():
    with pytest.raises(policies.UnknownPolicy):
        policies.get_policy("t.nothing")
