"""The database keeps the house rules, and each rule catches a planted violation."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command

from mooring.kernel import db
from tests.house import database_fences as fences
from tests.house.tree import REPOSITORY, SOURCE, TESTS, layers

PREFIXES = tuple(f"{layer}_" for layer in layers())
#: Tables between users and their groups: Django's own, never written by us.
EXEMPT = {
    model._meta.db_table
    for model in apps.get_models(include_auto_created=True)
    if model._meta.auto_created
}
APPEND_ONLY = (
    "ledger_journal",
    "ledger_entry",
    "ledger_movement",
    "policies_setting",
    "accounts_security_event",
    "accounts_hold",
    "assets_price",
    "earn_terms",
    "earn_rate",
    "earn_subscription",
    "earn_day_close",
    "earn_daily_rate",
    "earn_daily_close",
    "earn_daily_payout",
    "earn_ratio",
    "earn_unbonding",
    "earn_taken_back",
)

pytestmark = pytest.mark.django_db


def test_every_constraint_is_broken_by_a_test():
    promised = fences.promised_names(PREFIXES, exempt=EXEMPT)
    assert "accounts_account_status_known" in promised
    assert fences.never_broken(promised, TESTS) == []


def test_no_amount_is_not_a_number():
    assert fences.taking_what_is_no_number(PREFIXES) == []


def test_no_amount_is_infinite():
    assert fences.unbounded_numerics(PREFIXES) == []


def test_the_application_cannot_rewrite_history():
    assert fences.altered_by_the_application(APPEND_ONLY, "mooring_app") == []


def test_models_and_migrations_agree():
    # Frameworks may drift from their own migrations; that is not ours to write.
    installed = {config.label for config in apps.get_app_configs()}
    ours = sorted(installed & set(layers()))
    call_command("makemigrations", *ours, check=True, dry_run=True, verbosity=0)


# --- docs/invariants.md ---

_TOKEN = re.compile(r"`([\w./:]+)`")


def unknown_references(text, *, known, repository):
    """Find names in backticks, on lines that begin an invariant, that nothing bears."""
    rows = [line for line in text.splitlines() if re.match(r"\|?\s*(##+ )?\*{0,2}INV-\d+", line)]
    return [
        token
        for row in rows
        for token in _TOKEN.findall(row)
        if token not in known and not _is_a_file_or_test(token, repository)
    ]


def _is_a_file_or_test(token, repository):
    path, _, name = token.partition("::")
    if "/" in path:
        file = repository / path
        return file.exists() and (not name or f"def {name}" in file.read_text())
    tests = (repository / "tests").rglob("test_*.py")
    return any(f"def {token}(" in file.read_text() or file.stem == token for file in tests)


def audit_names():
    folder = SOURCE / "operations" / "audits"
    names = {path.stem for path in folder.rglob("*") if path.is_file()}
    return names | {
        name
        for path in folder.rglob("*.py")
        for name in re.findall(r"[\"']([a-z][\w-]+)[\"']", path.read_text())
    }


def test_every_invariant_names_what_exists():
    text = (REPOSITORY / "docs" / "invariants.md").read_text()
    assert "INV-" in text
    known = fences.promised_names(PREFIXES, exempt=EXEMPT) | audit_names()
    assert unknown_references(text, known=known, repository=REPOSITORY) == []


# --- planted ---


def test_a_constraint_that_no_test_breaks_is_caught(owner, tmp_path):
    with owner():
        db.execute(
            "CREATE TABLE earn_planted (id int CONSTRAINT earn_planted_id_small CHECK (id < 9),"
            " code int CONSTRAINT earn_planted_code_unique UNIQUE)"
        )
        db.execute("CREATE UNIQUE INDEX earn_planted_one ON earn_planted (id) WHERE code > 1")
        db.execute(
            "CREATE FUNCTION earn_planted() RETURNS void LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'no' USING CONSTRAINT = 'earn_planted_raised'; "
            " PERFORM ledger_refuse_v1('earn_planted_refused', 'no'); END $$"
        )
    promised = {name for name in fences.promised_names(PREFIXES) if "earn_planted" in name}
    (tmp_path / "test_planted.py").write_text('BROKEN_BY = ["earn_planted_code_unique"]')
    assert fences.never_broken(promised, tmp_path) == [
        "earn_planted_id_small",
        "earn_planted_one",
        "earn_planted_raised",
        "earn_planted_refused",
    ]


def test_an_amount_that_takes_nan_or_infinity_is_caught(owner):
    with owner():
        db.execute(
            "CREATE TABLE earn_planted (good numeric(38, 18) CHECK (good <> 'NaN'),"
            " bounded numeric(38, 18) CHECK (bounded > 0 AND bounded < 10),"
            " positive numeric(38, 18) CHECK (positive > 0), endless numeric)"
        )
    assert fences.taking_what_is_no_number(["earn_planted"]) == [
        "earn_planted.endless",
        "earn_planted.positive",
    ]
    assert fences.unbounded_numerics(["earn_planted"]) == ["earn_planted.endless"]


def test_a_privilege_to_rewrite_is_caught(owner):
    with owner():
        db.execute("GRANT DELETE ON policies_setting TO mooring_app")
    assert fences.altered_by_the_application(["policies_setting"], "mooring_app") == [
        "mooring_app may DELETE policies_setting"
    ]


def test_an_invariant_that_names_nothing_is_caught(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_book.py").write_text("def test_it_holds(): ...")
    text = "| INV-1 | Holds. | `a_constraint` | `test_it_holds` | `gone` | `tests/test_book.py` |"
    assert unknown_references(text, known={"a_constraint"}, repository=tmp_path) == ["gone"]
