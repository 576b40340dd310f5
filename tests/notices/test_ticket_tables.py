"""The table of questions refuses what must never be true, whatever the code."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from mooring.accounts import api as accounts
from mooring.kernel import db
from mooring.notices import api as notices

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
BROKEN = [
    ("notices_ticket_subject_known", "subject = 'WEATHER', reference = '7'"),
    ("notices_ticket_names_its_subject", "subject = 'REDEMPTION'"),
    ("notices_ticket_names_its_subject", "reference = '7'"),
    ("notices_ticket_status_known", "status = 'GONE'"),
    ("notices_ticket_says_something", "text = ' '"),
    ("notices_ticket_answer_agrees_with_status", "status = 'ANSWERED'"),
    ("notices_ticket_answer_agrees_with_status", "answer = 'yes'"),
    ("notices_ticket_answer_agrees_with_status", "answered_at = now()"),
]


@pytest.fixture
def ticket(db):
    account = accounts.open_account(email="a@example.org", password="pass word", at=NOW)
    return notices.open_ticket(
        account_id=account, question=notices.Question(text="Where is it?"), at=NOW
    )


@pytest.mark.parametrize(("constraint", "assignment"), BROKEN)
def test_the_table_refuses(ticket, constraint, assignment):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE notices_ticket SET {assignment}")
    assert db.constraint_of(refused.value) == constraint


def test_no_more_questions_wait_than_may(ticket):
    [(account_id,)] = db.rows("SELECT account_id FROM notices_ticket")
    for number in range(19):
        notices.open_ticket(
            account_id=account_id, question=notices.Question(text=f"{number}"), at=NOW
        )
    with pytest.raises(notices.TooManyTickets):
        notices.open_ticket(
            account_id=account_id, question=notices.Question(text="one more"), at=NOW
        )
