"""What a customer does with webhooks: make one, end it, try it, have a message sent again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.conf import settings

from mooring.accounts import api as accounts
from mooring.gateway import policies as gateway_policies
from mooring.gateway.webhooks import addresses, signing
from mooring.gateway.webhooks.errors import (
    DeliveryNotFound,
    TooManyWebhooks,
    WebhookNotFound,
    WebhookTopicsMissing,
)
from mooring.gateway.webhooks.sending import Failure
from mooring.kernel import clock, db, sealing
from mooring.ledger import api as ledger
from mooring.policies import api as policies

TOPICS: Final = ("redemption", "reward", "hold")
_NEW: Final = """
    INSERT INTO gateway_webhook (
        id, account_id, url, topics, sealed_secret, created_at, failures, rewards_read
    ) VALUES (%s, %s, %s, %s::text[], %s, %s, 0, %s)
"""
_END: Final = """
    WITH ended AS (
        UPDATE gateway_webhook SET ended_at = %s, sealed_secret = ''
        WHERE id = %s AND account_id = %s AND ended_at IS NULL
        RETURNING id
    ),
    dropped AS (
        UPDATE gateway_delivery SET status = 'FAILED', next_try_at = NULL,
            failure = %s
        WHERE webhook_id IN (SELECT id FROM ended) AND status IN ('WAITING', 'SENDING')
    )
    SELECT id FROM ended
"""
_AGAIN: Final = """
    UPDATE gateway_delivery AS delivery
    SET status = 'WAITING', tries = 0, next_try_at = %s, failure = ''
    FROM gateway_webhook AS webhook
    WHERE delivery.id = %s AND delivery.account_id = %s
        AND webhook.id = delivery.webhook_id AND webhook.ended_at IS NULL
    RETURNING webhook.id
"""


@db.transaction
def create_webhook(*, account_id: int, url: str, topics: Iterable[str], at: datetime) -> int:
    """
    Let an address be told what happens from now on, and return the webhook's number.

    The same address again is the same webhook: what it is told of is replaced. The customer is
    told by mail of one that is new.

    Args:
        topics: of `TOPICS`, at least one.
        at: platform time, UTC.

    Raises:
        AccountNotOpen: the account is disabled or closed.
        WebhookAddressRefused: the address is none that this server connects to.
        WebhookTopicsMissing: it would be told of nothing that there is.
        TooManyWebhooks: the account has as many as it may have.
    """
    if account_id not in accounts.lock_open([account_id]):
        raise accounts.AccountNotOpen(account_id=account_id)
    addresses.read_url(url, to_loopback=settings.WEBHOOKS_TO_LOOPBACK)
    chosen = [topic for topic in TOPICS if topic in set(topics)]
    if not chosen:
        raise WebhookTopicsMissing
    live = dict(
        db.rows(
            "SELECT url, id FROM gateway_webhook WHERE account_id = %s AND ended_at IS NULL",
            [account_id],
        )
    )
    if url in live:
        db.execute(
            "UPDATE gateway_webhook SET topics = %s::text[] WHERE id = %s",
            [db.array(chosen), live[url]],
        )
        return int(live[url])
    maximum = policies.in_force(at=at)[gateway_policies.WEBHOOKS_MAX]
    if len(live) >= maximum:
        raise TooManyWebhooks(maximum=maximum)
    [(webhook_id,)] = db.rows("SELECT nextval(pg_get_serial_sequence('gateway_webhook', 'id'))")
    sealed = sealing.seal(signing.make_secret(), purpose=signing.purpose(webhook_id))
    newest = ledger.last_journal_id()
    db.execute(_NEW, [webhook_id, account_id, url, db.array(chosen), sealed, at, newest])
    owner = accounts.find_owners([account_id]).get(account_id)
    told = accounts.Message(kind="webhook_made", user_id=owner, facts={"url": url})
    accounts.tell([told], at=at)
    return int(webhook_id)


@db.transaction
def end_webhook(*, account_id: int, webhook_id: int, at: datetime) -> None:
    """
    Tell an address nothing more; what waits for it is dropped, and its secret is gone.

    Raises:
        WebhookNotFound: absent, ended, or another's.
    """
    accounts.lock_not_closed([account_id])
    if not db.rows(_END, [at, webhook_id, account_id, Failure.ENDED]):
        raise WebhookNotFound


@db.transaction
def ping_webhook(*, account_id: int, webhook_id: int) -> int:
    """
    Write a message that says nothing, to see whether it arrives; return its number.

    Raises:
        WebhookNotFound: absent, ended, or another's.
    """
    wall = clock.wall()
    found = db.rows(
        "INSERT INTO gateway_delivery (webhook_id, account_id, type, subject, next_try_at)"
        " SELECT id, account_id, 'ping', %s, %s FROM gateway_webhook"
        " WHERE id = %s AND account_id = %s AND ended_at IS NULL"
        " ON CONFLICT (webhook_id, type, subject, position) DO UPDATE SET tries = 0"
        " RETURNING id",
        [int(wall.timestamp()), wall, webhook_id, account_id],
    )
    if not found:
        raise WebhookNotFound
    _listen_again(webhook_id)
    return int(found[0][0])


@db.transaction
def send_again(*, account_id: int, delivery_id: int) -> None:
    """
    Have a message sent once more, under the same id and with the same bytes.

    Raises:
        DeliveryNotFound: absent, forgotten, another's, or its webhook has ended.
    """
    found = db.rows(_AGAIN, [clock.wall(), delivery_id, account_id])
    if not found:
        raise DeliveryNotFound
    _listen_again(found[0][0])


@db.transaction
def forget_deliveries(*, recorded_before: datetime) -> int:
    """Delete messages that are over and were written before a moment; return how many."""
    return db.execute(
        "DELETE FROM gateway_delivery WHERE recorded_at < %s AND status IN ('SENT', 'FAILED')",
        [recorded_before],
    )


def _listen_again(webhook_id: int) -> None:
    """Forget that an address failed: its owner says that it listens."""
    db.execute(
        "UPDATE gateway_webhook SET failures = 0, quiet_until = NULL WHERE id = %s", [webhook_id]
    )
