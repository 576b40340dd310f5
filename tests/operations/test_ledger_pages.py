"""The accountant's pages are what runs now."""

import pytest

from mooring.ledger import api as ledger
from mooring.operations.audits import run as audits
from mooring.operations.ledger_pages.pages import pages
from tests.house.tree import REPOSITORY

FOLDER = REPOSITORY / "docs" / "ledger"

pytestmark = pytest.mark.django_db


def test_the_pages_say_what_runs_now():
    written = pages()
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert written == kept, "run make ledger-pages"
    assert [f.audit.name for f in audits.findings() if not f.is_clean] == []


def test_every_line_of_the_chart_is_explained():
    chart = (FOLDER / "chart.md").read_text(encoding="utf-8")
    for code in ledger.Code:
        assert f"| {code.value} | {code.name} | " in chart
