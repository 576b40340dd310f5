"""Webhooks and their messages as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from mooring.gateway.webhooks.errors import DeliveryNotFound, WebhookNotFound
from mooring.gateway.webhooks.signing import secret_text, unseal
from mooring.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookView:
    """
    An address and what it is told of.

    Args:
        topics: `redemption`, `reward`, `hold`.
        created_at: platform time.
        failures: tries in a row that failed.
        quiet_until: real time before which no other is made; None: none failed.
    """

    id: int
    url: str
    topics: tuple[str, ...]
    created_at: datetime
    failures: int
    quiet_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """
    A message and how far it came; every time is the real one.

    Args:
        type: such as `redemption.paid`.
        answered: the status of HTTP of the last try; None where there was no answer.
        failure: why the last try does not count as taken.
        body: JSON; empty until it was sent the first time.
    """

    id: int
    webhook_id: int
    type: str
    subject: int
    status: str
    tries: int
    next_try_at: datetime | None
    answered: int | None
    failure: str
    tried_at: datetime | None
    recorded_at: datetime
    body: str


_WEBHOOKS: Final = (
    "SELECT id, url, topics, created_at, failures, quiet_until FROM gateway_webhook"
    " WHERE account_id = %(account_id)s AND ended_at IS NULL"
    " AND (%(webhook_id)s::bigint IS NULL OR id = %(webhook_id)s) ORDER BY id"
)
_DELIVERIES: Final = (
    "SELECT id, webhook_id, type, subject, status, tries, next_try_at, answered, failure,"
    "  tried_at, recorded_at, body"
    " FROM gateway_delivery WHERE account_id = %(account_id)s"
)


def list_webhooks(*, account_id: int) -> tuple[WebhookView, ...]:
    """Return a customer's webhooks that have not ended, oldest first."""
    found = db.rows(_WEBHOOKS, {"account_id": account_id, "webhook_id": None})
    return tuple(_webhook(row) for row in found)


def get_webhook(*, account_id: int, webhook_id: int) -> WebhookView:
    """
    Return one of a customer's webhooks.

    Raises:
        WebhookNotFound: absent, ended, or another's.
    """
    found = db.rows(_WEBHOOKS, {"account_id": account_id, "webhook_id": webhook_id})
    if not found:
        raise WebhookNotFound
    return _webhook(found[0])


def get_secret(*, account_id: int, webhook_id: int) -> str:
    """
    Return what a webhook's messages are signed with, as libraries take it.

    Raises:
        WebhookNotFound: absent, ended, or another's.
    """
    found = db.rows(
        "SELECT sealed_secret FROM gateway_webhook"
        " WHERE id = %s AND account_id = %s AND ended_at IS NULL",
        [webhook_id, account_id],
    )
    if not found:
        raise WebhookNotFound
    return secret_text(unseal(found[0][0], webhook_id))


def list_deliveries(
    *, account_id: int, webhook_id: int, before: int | None = None, limit: int = 50
) -> tuple[DeliveryView, ...]:
    """
    Return messages to a webhook, newest first.

    Args:
        before: only those with a lower number: what follows on a page that ended with it.

    Raises:
        WebhookNotFound: absent, ended, or another's.
    """
    get_webhook(account_id=account_id, webhook_id=webhook_id)
    found = db.rows(
        f"{_DELIVERIES} AND webhook_id = %(webhook_id)s"
        " AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s",
        {"account_id": account_id, "webhook_id": webhook_id, "before": before, "limit": limit},
    )
    return tuple(_delivery(row) for row in found)


def get_delivery(*, account_id: int, delivery_id: int) -> DeliveryView:
    """
    Return a message.

    Raises:
        DeliveryNotFound: absent, or another's.
    """
    found = db.rows(
        f"{_DELIVERIES} AND id = %(delivery_id)s",
        {"account_id": account_id, "delivery_id": delivery_id},
    )
    if not found:
        raise DeliveryNotFound
    return _delivery(found[0])


def _webhook(row: Sequence[Any]) -> WebhookView:
    id_, url, topics, created_at, failures, quiet_until = row
    return WebhookView(
        id=id_,
        url=url,
        topics=tuple(topics),
        created_at=created_at,
        failures=failures,
        quiet_until=quiet_until,
    )


def _delivery(row: Sequence[Any]) -> DeliveryView:
    names = DeliveryView.__dataclass_fields__
    return DeliveryView(**dict(zip(names, row, strict=True)))
