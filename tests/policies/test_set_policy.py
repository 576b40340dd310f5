"""A setting begins when it says, is never altered, and never changes what was decided."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mooring.kernel import db
from mooring.policies import api as policies
from mooring.policies import declarations

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def fee(monkeypatch):
    monkeypatch.setattr(declarations, "_DECLARED", {})
    return policies.declare(
        key="t.fee",
        kind=Decimal,
        default=Decimal("0.01"),
        minimum=Decimal(0),
        maximum=Decimal("0.1"),
        unit="fraction",
        description="What a test pays.",
    )


def decide(policy, value, *, effective_from=NOON, at=NOON, author="olga", reason="a test"):
    policies.set_policy(
        policy, value, effective_from=effective_from, author=author, reason=reason, at=at
    )


def test_the_default_holds_until_somebody_decides(fee):
    assert policies.in_force(at=NOON)[fee] == Decimal("0.01")


def test_a_setting_begins_at_its_time_and_not_before(fee):
    decide(fee, Decimal("0.05"), effective_from=NOON + AN_HOUR)
    just_before = NOON + AN_HOUR - timedelta(microseconds=1)
    assert policies.in_force(at=just_before)[fee] == Decimal("0.01")
    assert policies.in_force(at=NOON + AN_HOUR)[fee] == Decimal("0.05")


def test_a_later_setting_leaves_earlier_times_as_they_were(fee):
    decide(fee, Decimal("0.05"))
    decide(fee, Decimal("0.07"), effective_from=NOON + AN_HOUR, at=NOON + AN_HOUR)
    assert policies.in_force(at=NOON)[fee] == Decimal("0.05")
    assert policies.in_force(at=NOON + 2 * AN_HOUR)[fee] == Decimal("0.07")


def test_a_setting_that_has_not_begun_can_be_corrected(fee):
    decide(fee, Decimal("0.05"), effective_from=NOON + AN_HOUR)
    decide(fee, Decimal("0.04"), effective_from=NOON + AN_HOUR)
    assert policies.in_force(at=NOON + AN_HOUR)[fee] == Decimal("0.04")


@pytest.mark.parametrize(
    ("case", "change", "refusal"),
    [
        ("above the maximum", {"value": Decimal("0.2")}, policies.ValueOutOfRange),
        ("below the minimum", {"value": Decimal("-0.1")}, policies.ValueOutOfRange),
        ("before now", {"effective_from": NOON - AN_HOUR}, policies.EffectiveInThePast),
        ("unsigned", {"author": " "}, policies.ReasonMissing),
        ("unexplained", {"reason": ""}, policies.ReasonMissing),
    ],
)
def test_refuses_and_sets_nothing(fee, case, change, refusal):
    arguments = {"value": Decimal("0.05"), **change}
    with pytest.raises(refusal):
        decide(fee, **arguments)
    assert policies.list_settings(key=fee.key) == (), case


def test_refuses_a_policy_that_nobody_declares(fee, monkeypatch):
    monkeypatch.setattr(declarations, "_DECLARED", {})
    with pytest.raises(policies.UnknownPolicy):
        decide(fee, Decimal("0.05"))


def test_everything_in_force_is_one_query(fee, django_assert_num_queries):
    with django_assert_num_queries(1):
        snapshot = policies.in_force(at=NOON)
        assert snapshot[fee] == snapshot[fee]


def test_a_row_that_the_declaration_no_longer_allows_stops_the_reader(fee):
    db.execute(
        "INSERT INTO policies_setting (key, value, effective_from, decided_at, author, reason)"
        " VALUES ('t.fee', '0.5', %s, %s, 'olga', 'before the range was narrowed')",
        [NOON, NOON],
    )
    with pytest.raises(policies.UnreadableSetting):
        policies.in_force(at=NOON)[fee]


def test_the_listing_has_every_policy_with_its_value(fee, django_assert_num_queries):
    decide(fee, Decimal("0.05"))
    with django_assert_num_queries(1):
        (view,) = policies.list_policies(at=NOON)
    assert (view.key, view.value, view.in_force_since) == ("t.fee", "0.05", NOON)
    assert (view.default, view.minimum, view.maximum, view.kind) == ("0.01", "0", "0.1", "Decimal")


def test_the_history_says_who_and_why(fee):
    decide(fee, Decimal("0.05"), author="olga", reason="Board, 1 March")
    (setting,) = policies.list_settings(key=fee.key)
    assert (setting.author, setting.reason, setting.value) == ("olga", "Board, 1 March", "0.05")


INSERT = (
    "INSERT INTO policies_setting (key, value, effective_from, decided_at, author, reason)"
    " VALUES ({key}, '1', {effective_from}, '2026-03-01', {author}, {reason})"
)
GOOD = {
    "key": "'t.fee'",
    "effective_from": "'2026-03-01'",
    "author": "'olga'",
    "reason": "'because'",
}
BROKEN_BY = [
    ("policies_setting_key_is_app_and_name", INSERT.format(**{**GOOD, "key": "'fee'"})),
    (
        "policies_setting_not_retroactive",
        INSERT.format(**{**GOOD, "effective_from": "'2026-02-28'"}),
    ),
    ("policies_setting_has_an_author", INSERT.format(**{**GOOD, "author": "' '"})),
    ("policies_setting_has_a_reason", INSERT.format(**{**GOOD, "reason": "''"})),
    ("policies_setting_append_only", "UPDATE policies_setting SET value = '2'"),
    ("policies_setting_append_only", "DELETE FROM policies_setting"),
    ("policies_setting_append_only", "TRUNCATE policies_setting"),
]


@pytest.mark.parametrize(("constraint", "statement"), BROKEN_BY)
def test_the_table_refuses(owner, constraint, statement):
    with owner():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
    assert db.constraint_of(refused.value) == constraint


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policies_setting SET value = '2'",
        "DELETE FROM policies_setting",
        "TRUNCATE policies_setting",
    ],
)
def test_the_application_has_no_right_to_alter_a_setting(statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        db.execute(statement)
