"""The tables of accounts refuse what must never be true, whatever the code."""

import pytest
from django.db import IntegrityError, connection, transaction

from mooring.kernel import db

pytestmark = pytest.mark.django_db

USER = (
    "INSERT INTO accounts_user (email, password, language, is_superuser, is_active, is_staff)"
    " VALUES ({}, 'x', 'en', false, true, false)"
)
BROKEN_BY = [
    ("accounts_user_email_unique", USER.format("'alice@example.org'")),
    ("accounts_user_email_is_an_address", USER.format("'alice'")),
    (
        "accounts_account_status_known",
        # An unknown status has no closing time that agrees with it; that is another fact.
        "ALTER TABLE accounts_account"
        " DROP CONSTRAINT accounts_account_closed_at_agrees_with_status;"
        "UPDATE accounts_account SET status = 'GONE'",
    ),
    (
        "accounts_account_closed_at_agrees_with_status",
        "UPDATE accounts_account SET status = 'CLOSED'",
    ),
    (
        "accounts_account_closed_at_agrees_with_status",
        "UPDATE accounts_account SET closed_at = opened_at",
    ),
    (
        "accounts_account_closed_at_agrees_with_status",
        "UPDATE accounts_account SET status = 'CLOSED',"
        " closed_at = opened_at - interval '1 second'",
    ),
    ("accounts_account_country_is_a_code", "UPDATE accounts_account SET country = 'de'"),
    ("accounts_account_terms_have_a_time", "UPDATE accounts_account SET terms_version = 'v1'"),
    ("accounts_account_terms_have_a_time", "UPDATE accounts_account SET terms_accepted_at = now()"),
    (
        "accounts_account_user_id_key",
        "INSERT INTO accounts_account"
        " (user_id, status, display_currency, terms_version, opened_at, verification_level,"
        " anti_phishing_code) SELECT user_id, status, display_currency, '', opened_at, 0, ''"
        " FROM accounts_account",
    ),
]


@pytest.fixture
def _alice():
    db.execute(USER.format("'alice@example.org'"))
    db.execute(
        "INSERT INTO accounts_account (user_id, status, display_currency, terms_version, opened_at,"
        " verification_level, anti_phishing_code)"
        " SELECT id, 'OPEN', 'USD', '', '2026-03-01', 0, '' FROM accounts_user"
    )
    db.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.usefixtures("_alice")
@pytest.mark.parametrize(("constraint", "statement"), BROKEN_BY)
def test_the_table_refuses(owner, constraint, statement):
    with owner():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
    assert db.constraint_of(refused.value) == constraint
