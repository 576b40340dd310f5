"""What the tables of webhooks refuse whatever the code does, and the triggers that write them."""

import pytest
from django.db import IntegrityError, transaction

from mooring.gateway.webhooks import managing
from mooring.kernel import db


def broken(statement):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        db.execute(statement)
    return db.constraint_of(refused.value)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("url = 'ftp://hooks.example.com'", "gateway_webhook_url_is_one"),
        ("url = 'https://hooks.example.com/ a'", "gateway_webhook_url_is_one"),
        ("topics = '{}'", "gateway_webhook_topics_known"),
        ("topics = '{hold,trades}'", "gateway_webhook_topics_known"),
        ("sealed_secret = ''", "gateway_webhook_secret_until_it_ends"),
        ("ended_at = now()", "gateway_webhook_secret_until_it_ends"),
        ("failures = -1", "gateway_webhook_failures_are_a_count"),
    ],
)
def test_a_webhook_is_one(hook, change, constraint):
    assert broken(f"UPDATE gateway_webhook SET {change}") == constraint


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("type = 'redemption.lost'", "gateway_delivery_type_known"),
        ("status = 'LOST', next_try_at = NULL", "gateway_delivery_status_known"),
        ("status = 'SENT'", "gateway_delivery_is_tried_while_unsent"),
        ("next_try_at = NULL", "gateway_delivery_is_tried_while_unsent"),
        ("tries = -1", "gateway_delivery_tries_are_a_count"),
    ],
)
def test_a_message_is_one(world, hook, change, constraint):
    managing.ping_webhook(account_id=world.alice, webhook_id=hook.id)
    assert broken(f"UPDATE gateway_delivery SET {change}") == constraint


def test_a_message_is_written_once(world, hook):
    managing.ping_webhook(account_id=world.alice, webhook_id=hook.id)
    found = broken(
        "INSERT INTO gateway_delivery (webhook_id, account_id, type, subject)"
        " SELECT webhook_id, account_id, type, subject FROM gateway_delivery"
    )
    assert found == "gateway_delivery_once"


@pytest.mark.parametrize(
    ("trigger", "table"),
    [
        ("gateway_redemption_made", "earn_redemption"),
        ("gateway_redemption_moved", "earn_redemption"),
        ("gateway_hold_begun", "accounts_hold"),
    ],
)
def test_triggers_stand_on_the_tables_of_what_is_told(world, trigger, table):
    # What they write: test_telling.py.
    found = db.rows("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [trigger])
    assert found == [(table,)]
