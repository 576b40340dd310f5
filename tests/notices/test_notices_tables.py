"""The tables of notices refuse what must never be true, whatever the code."""

import pytest
from django.db import IntegrityError, connection, transaction

from mooring.kernel import db

pytestmark = pytest.mark.django_db

BROKEN_BY = [
    (
        "notices_notice_channel_known",
        "UPDATE notices_notice SET channel = 'FAX' WHERE channel = 'EMAIL'",
    ),
    ("notices_notice_topic_known", "UPDATE notices_notice SET topic = 'WEATHER'"),
    (
        "notices_notice_status_known",
        # Nothing else may be true of a status that nobody knows.
        "UPDATE notices_notice SET status = 'GONE', next_try_at = NULL WHERE channel = 'EMAIL'",
    ),
    ("notices_notice_goes_somewhere", "UPDATE notices_notice SET \"to\" = ''"),
    ("notices_notice_goes_somewhere", "UPDATE notices_notice SET \"to\" = 'a@b.example'"),
    (
        "notices_notice_goes_somewhere",
        "UPDATE notices_notice SET user_id = NULL WHERE channel = 'INBOX'",
    ),
    (
        "notices_notice_head_is_one_line",
        "UPDATE notices_notice SET subject = E'a\\r\\nBcc: eve@evil.example'",
    ),
    (
        "notices_notice_head_is_one_line",
        "UPDATE notices_notice SET \"to\" = E'a@b.example\\nx' WHERE channel = 'EMAIL'",
    ),
    (
        "notices_notice_head_is_one_line",
        "UPDATE notices_notice SET \"to\" = 'a b@c.example' WHERE channel = 'EMAIL'",
    ),
    (
        "notices_notice_is_tried_while_unsent",
        "UPDATE notices_notice SET next_try_at = NULL WHERE channel = 'EMAIL'",
    ),
    (
        "notices_notice_is_tried_while_unsent",
        "UPDATE notices_notice SET next_try_at = now() WHERE channel = 'INBOX'",
    ),
    (
        "notices_notice_sent_has_a_time",
        "UPDATE notices_notice SET sent_at = NULL WHERE channel = 'INBOX'",
    ),
    (
        "notices_notice_sent_has_a_time",
        "UPDATE notices_notice SET sent_at = now() WHERE channel = 'EMAIL'",
    ),
    (
        "notices_notice_is_read_in_the_inbox",
        "UPDATE notices_notice SET read_at = now() WHERE channel = 'EMAIL'",
    ),
    (
        "notices_notice_is_read_in_the_inbox",
        "UPDATE notices_notice SET is_secret = true WHERE channel = 'INBOX'",
    ),
    ("notices_notice_has_eight_tries", "UPDATE notices_notice SET tries = 9"),
    ("notices_notice_has_eight_tries", "UPDATE notices_notice SET tries = -1"),
    (
        "notices_notice_sms_is_short",
        "UPDATE notices_notice SET channel = 'SMS', body = repeat('x', 141)"
        " WHERE channel = 'EMAIL'",
    ),
    (
        "notices_preference_once",
        "INSERT INTO notices_preference (user_id, topic, channel, is_on)"
        " SELECT user_id, topic, channel, true FROM notices_preference",
    ),
    ("notices_preference_topic_known", "UPDATE notices_preference SET topic = 'WEATHER'"),
    ("notices_preference_channel_known", "UPDATE notices_preference SET channel = 'FAX'"),
    ("notices_preference_security_stays_on", "UPDATE notices_preference SET topic = 'SECURITY'"),
]

NOTICE = (
    'INSERT INTO notices_notice (user_id, kind, topic, channel, "to", language, subject, body,'
    " is_secret, status, tries, next_try_at, written_at, sent_at, failure)"
    " SELECT id, 'logged_in', 'SECURITY', {}, 'en', 'You logged in', 'Yes.', false, {},"
    " '2026-03-01', {}, '' FROM accounts_user"
)


@pytest.fixture
def _alice():
    db.execute(
        "INSERT INTO accounts_user (email, password, language, is_superuser, is_active, is_staff)"
        " VALUES ('alice@example.org', 'x', 'en', false, true, false)"
    )
    db.execute(NOTICE.format("'EMAIL', 'alice@example.org'", "'WAITING', 0, now()", "NULL"))
    db.execute(NOTICE.format("'INBOX', ''", "'SENT', 0, NULL", "now()"))
    db.execute(
        "INSERT INTO notices_preference (user_id, topic, channel, is_on)"
        " SELECT id, 'ACCOUNT', 'EMAIL', false FROM accounts_user"
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
