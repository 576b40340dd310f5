"""The operations of `/v1` about webhooks: translated here, done in `gateway.webhooks`."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Router

from mooring.gateway.v1 import shapes
from mooring.gateway.v1.declaring import (
    ONCE,
    PROBLEMS,
    READS,
    WRITES,
    Cursor,
    Id,
    Size,
    before,
    page,
)
from mooring.gateway.v1.idempotency import once
from mooring.gateway.v1.identity import Right, holder_of, may
from mooring.gateway.webhooks import managing, queries
from mooring.kernel import clock

WEBHOOKS: Final = Router()
_WEBHOOK: Final = ("id", "url", "created_at", "failures", "quiet_until")
_DELIVERY: Final = (
    *("id", "webhook_id", "type", "status", "tries", "next_try_at", "tried_at", "answered"),
    *("failure", "recorded_at", "body"),
)


@WEBHOOKS.get(
    "/webhooks",
    auth=may(Right.READ),
    response={200: list[shapes.Webhook], **PROBLEMS},
    summary="List webhooks",
)
def list_webhooks(request: HttpRequest) -> list[dict[str, Any]]:
    """Those that have not ended, oldest first."""
    found = queries.list_webhooks(account_id=holder_of(request).account_id)
    return [_webhook(one) for one in found]


@WEBHOOKS.post(
    "/webhooks",
    auth=may(Right.TRADE),
    response={201: shapes.Webhook, **WRITES},
    openapi_extra=ONCE,
    summary="Have an address told what happens",
)
def create_webhook(request: HttpRequest, asked: shapes.WebhookAsked) -> HttpResponse:
    """The same address again replaces what it is told of. The account's owner gets a mail."""
    account_id = holder_of(request).account_id

    def carry_out() -> Mapping[str, Any]:
        webhook_id = managing.create_webhook(
            account_id=account_id, url=asked.url, topics=asked.topics, at=clock.now()
        )
        return _webhook(queries.get_webhook(account_id=account_id, webhook_id=webhook_id))

    return once(request, carry_out, status=201)


@WEBHOOKS.get(
    "/webhooks/{webhook_id}/secret",
    auth=may(Right.TRADE),
    response={200: shapes.WebhookSecret, **READS},
    summary="Get the secret that messages are signed with",
)
def get_webhook_secret(request: HttpRequest, webhook_id: Id) -> dict[str, Any]:
    """As libraries for Standard Webhooks take it."""
    account_id = holder_of(request).account_id
    return {"secret": queries.get_secret(account_id=account_id, webhook_id=webhook_id)}


@WEBHOOKS.post(
    "/webhooks/{webhook_id}/ping",
    auth=may(Right.TRADE),
    response={201: shapes.Delivery, **WRITES},
    openapi_extra=ONCE,
    summary="Send a test message",
)
def ping_webhook(request: HttpRequest, webhook_id: Id) -> HttpResponse:
    """Of the type `ping`, within seconds."""
    account_id = holder_of(request).account_id

    def carry_out() -> Mapping[str, Any]:
        delivery_id = managing.ping_webhook(account_id=account_id, webhook_id=webhook_id)
        return _delivery(queries.get_delivery(account_id=account_id, delivery_id=delivery_id))

    return once(request, carry_out, status=201)


@WEBHOOKS.delete(
    "/webhooks/{webhook_id}",
    auth=may(Right.TRADE),
    response={200: list[shapes.Webhook], **WRITES},
    openapi_extra=ONCE,
    summary="End a webhook",
)
def end_webhook(request: HttpRequest, webhook_id: Id) -> HttpResponse:
    """It is told nothing more, and its secret is gone. Answers those that are left."""
    account_id = holder_of(request).account_id

    def carry_out() -> Any:
        managing.end_webhook(account_id=account_id, webhook_id=webhook_id, at=clock.now())
        return [_webhook(one) for one in queries.list_webhooks(account_id=account_id)]

    return once(request, carry_out)


@WEBHOOKS.get(
    "/webhooks/{webhook_id}/deliveries",
    auth=may(Right.READ),
    response={200: shapes.Page[shapes.Delivery], **READS},
    summary="List what a webhook was told",
)
def list_deliveries(
    request: HttpRequest, webhook_id: Id, limit: Size = 50, cursor: Cursor = ""
) -> dict[str, Any]:
    """Newest first, with how each was answered."""
    found = queries.list_deliveries(
        account_id=holder_of(request).account_id,
        webhook_id=webhook_id,
        before=before(cursor),
        limit=limit + 1,
    )
    return page([_delivery(one) for one in found], limit=limit)


@WEBHOOKS.post(
    "/deliveries/{delivery_id}/replay",
    auth=may(Right.TRADE),
    response={200: shapes.Delivery, **WRITES},
    openapi_extra=ONCE,
    summary="Have a message sent again",
)
def replay_delivery(request: HttpRequest, delivery_id: Id) -> HttpResponse:
    """Under the same id and with the same bytes."""
    account_id = holder_of(request).account_id

    def carry_out() -> Mapping[str, Any]:
        managing.send_again(account_id=account_id, delivery_id=delivery_id)
        return _delivery(queries.get_delivery(account_id=account_id, delivery_id=delivery_id))

    return once(request, carry_out)


def _webhook(found: queries.WebhookView) -> dict[str, Any]:
    return {**shapes.plain(found, *_WEBHOOK), "topics": list(found.topics)}


def _delivery(found: queries.DeliveryView) -> dict[str, Any]:
    return shapes.plain(found, *_DELIVERY)
