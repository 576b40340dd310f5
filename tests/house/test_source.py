"""The source keeps the house rules, and each rule is seen to catch a planted violation."""

from functools import partial

import pytest

from tests.house import source_fences as fences
from tests.house.tree import REPOSITORY, SOURCE

FENCES = [
    fences.entered_past_the_door,
    fences.relative_imports,
    fences.banned_names,
    fences.signals,
    fences.auto_now,
    fences.environment_reads,
    fences.floats,
    fences.clock_reads,
    fences.clock_in_sql,
    fences.other_isolation,
    fences.long_functions,
    partial(fences.long_files, lines_max=fences.SOURCE_LINES_MAX),
    fences.wide_lines,
    fences.unfrozen_sql,
    fences.empty_docstrings,
]


def name_of(fence):
    return getattr(fence, "func", fence).__name__


@pytest.mark.parametrize("fence", FENCES, ids=name_of)
def test_the_source_stays_inside(fence):
    assert fence(SOURCE) == []


@pytest.mark.parametrize(
    "fence",
    [
        fences.long_functions,
        partial(fences.long_files, lines_max=fences.TEST_LINES_MAX),
        fences.wide_lines,
    ],
    ids=name_of,
)
@pytest.mark.parametrize("folder", ["tests", "bench", "tools"])
def test_tests_and_tools_stay_inside(fence, folder):
    assert fence(REPOSITORY / folder) == []


def test_the_tail_of_long_functions_is_short():
    assert fences.long_tail(SOURCE) <= fences.FUNCTION_LINES_P95_MAX


LONG = "def f():\n" + "    x = 1\n" * 60

PLANTED = [
    # fence, file, content; a good file beside each shows that it is told apart
    (fences.entered_past_the_door, "web/views.py", "from mooring.earn.actions import redeem"),
    (fences.entered_past_the_door, "web/views.py", "from mooring.earn import models"),
    (fences.entered_past_the_door, "web/views.py", "import mooring.earn.queries"),
    (fences.relative_imports, "web/views.py", "from . import forms"),
    (fences.banned_names, "earn/utils.py", ""),
    (fences.banned_names, "earn/helpers/dates.py", ""),
    (fences.banned_names, "earn/services.py", ""),
    (fences.signals, "earn/apps.py", "from django.dispatch import receiver"),
    (fences.signals, "earn/apps.py", "from django.db.models.signals import post_save"),
    (fences.signals, "earn/apps.py", "from django.db.models import signals"),
    (fences.signals, "earn/apps.py", "@receiver(saved)\ndef f(): ..."),
    (fences.auto_now, "earn/models.py", "t = models.DateTimeField(auto_now_add=True)"),
    (fences.auto_now, "earn/migrations/0001_x.py", "t = models.DateTimeField(auto_now=True)"),
    (fences.environment_reads, "earn/rules.py", "import os\nX = os.environ['X']"),
    (fences.environment_reads, "earn/rules.py", "import os\nX = os.getenv('X')"),
    (fences.environment_reads, "earn/rules.py", "from os import environ"),
    (fences.floats, "earn/rules.py", "rate = float('0.1')"),
    (fences.floats, "earn/rules.py", "rate = Decimal(0.1)"),
    (fences.floats, "earn/rules.py", "rate = decimal.Decimal.from_float(x)"),
    (fences.clock_reads, "earn/rules.py", "at = datetime.now(UTC)"),
    (fences.clock_reads, "earn/rules.py", "day = datetime.date.today()"),
    (fences.other_isolation, "earn/rules.py", "x = 'SET TRANSACTION SERIALIZABLE'"),
    (fences.clock_in_sql, "earn/queries.py", "x = 'WHERE due_at <= now()'"),
    (fences.clock_in_sql, "earn/sql/x.sql", "SELECT CURRENT_TIMESTAMP; -- recorded"),
    (fences.other_isolation, "earn/rules.py", "x = IsolationLevel.REPEATABLE_READ"),
    (fences.other_isolation, "earn/sql/x.sql", "BEGIN ISOLATION LEVEL REPEATABLE READ;"),
    (fences.long_functions, "earn/rules.py", LONG),
    (partial(fences.long_files, lines_max=400), "earn/rules.py", "x = 1\n" * 401),
    (partial(fences.long_files, lines_max=400), "web/static/app.css", "\n" * 401),
    (fences.wide_lines, "earn/rules.py", f"x = '{'x' * 100}'"),
    (fences.unfrozen_sql, "earn/sql/earn_close_v1.sql", "SELECT 1;"),
    (fences.empty_docstrings, "earn/rules.py", '""""""'),
]


@pytest.mark.parametrize(("fence", "file", "content"), PLANTED)
def test_a_planted_violation_is_caught(planted, fence, file, content):
    assert fence(planted) == []
    (planted / file).parent.mkdir(parents=True, exist_ok=True)
    (planted / file).write_text(content)
    assert len(fence(planted)) == 1, (file, content)


GOOD = {
    "earn/__init__.py": '"""Earn: never REPEATABLE READ."""',
    "earn/api.py": '"""The door."""\nfrom mooring.earn.queries import overview\n',
    "earn/queries.py": '"""Reads."""\nfrom mooring.kernel import db\n# Not SERIALIZABLE.\n',
    "earn/sql/earn_post_v1.sql": "-- not SERIALIZABLE, now()\nSELECT 1;",
    "earn/migrations/0001_earn_post_v1.sql": "-- an older text\nSELECT 0;",
    "earn/migrations/0002_earn_post_v1.sql": "-- not SERIALIZABLE, now()\nSELECT 1;",
    "earn/migrations/0002_earn_post_v1.py": "",
    "kernel/db.py": '"""Transactions."""\nimport os\nx = Decimal("0.1")',
    "settings/environment.py": '"""Environment."""\nimport os\nX = os.environ',
    "web/pages.py": '"""Pages."""\nfrom mooring.earn import api as earn\nratio = float(1)\n',
}


@pytest.fixture
def planted(tmp_path):
    """A package without a fault, into which a fault is planted."""
    root = tmp_path / "mooring"
    for name, content in GOOD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def test_sql_that_was_changed_after_it_ran_is_caught(planted):
    (planted / "earn/sql/earn_post_v1.sql").write_text("SELECT 2;")
    assert fences.unfrozen_sql(planted) == [
        "earn/sql/earn_post_v1.sql differs from 0002_earn_post_v1.sql"
    ]


def test_sql_that_no_migration_loads_is_caught(planted):
    (planted / "earn/migrations/0002_earn_post_v1.py").unlink()
    assert fences.unfrozen_sql(planted) == ["0002_earn_post_v1.sql is loaded by no migration"]


def test_a_long_tail_is_measured(planted):
    for number in range(10):
        (planted / f"earn/rule_{number}.py").write_text(LONG)
    assert fences.long_tail(planted) == 61


def test_every_exemption_is_still_needed():
    for name in fences.BANNED_EXEMPT:
        assert (SOURCE / name).exists(), name
