"""The accountant's pages are what runs now."""

import pytest

from mooring.kernel import db
from mooring.ledger import api as ledger
from mooring.operations.audits import run as audits
from mooring.operations.ledger_pages.pages import pages
from mooring.web.pages.history import KINDS
from tests.house.tree import REPOSITORY

FOLDER = REPOSITORY / "docs" / "ledger"

pytestmark = pytest.mark.django_db


def test_the_pages_say_what_runs_now():
    written = pages()
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert written == kept, "run make ledger-pages"
    assert [f.audit.name for f in audits.findings() if not f.is_clean] == []
    theirs = db.rows(
        "SELECT DISTINCT journal.kind FROM ledger_journal AS journal"
        " INNER JOIN ledger_entry AS entry ON entry.journal_id = journal.id"
        " INNER JOIN ledger_account AS book ON book.id = entry.account_id"
        " WHERE book.owner_id IS NOT NULL"
    )
    # What moves a customer's money has a name in their history.
    assert {kind for (kind,) in theirs} <= set(KINDS)


def test_every_line_of_the_chart_is_explained():
    chart = (FOLDER / "chart.md").read_text(encoding="utf-8")
    for code in ledger.Code:
        assert f"| {code.value} | {code.name} | " in chart
