"""The door of the gateway."""

# Types
from mooring.gateway.binance.meter import Limits

# Queries
from mooring.gateway.queries import (
    CodeFacts,
    EndpointFacts,
    ParameterFacts,
    PathFacts,
    limits_at,
    list_codes,
    list_endpoints,
    list_unsupported,
)
from mooring.gateway.v1.description import Field, Operation, Told, operations, told

# Webhooks
from mooring.gateway.webhooks.errors import (
    DeliveryNotFound,
    TooManyWebhooks,
    WebhookAddressRefused,
    WebhookNotFound,
    WebhookTopicsMissing,
)
from mooring.gateway.webhooks.managing import (
    TOPICS,
    create_webhook,
    end_webhook,
    ping_webhook,
    send_again,
)
from mooring.gateway.webhooks.queries import (
    DeliveryView,
    WebhookView,
    get_delivery,
    get_secret,
    get_webhook,
    list_deliveries,
    list_webhooks,
)
from mooring.gateway.webhooks.sending import Failure

# The door for programs
from mooring.gateway.wsgi import with_api

__all__ = [
    "TOPICS",
    "CodeFacts",
    "DeliveryNotFound",
    "DeliveryView",
    "EndpointFacts",
    "Failure",
    "Field",
    "Limits",
    "Operation",
    "ParameterFacts",
    "PathFacts",
    "Told",
    "TooManyWebhooks",
    "WebhookAddressRefused",
    "WebhookNotFound",
    "WebhookTopicsMissing",
    "WebhookView",
    "create_webhook",
    "end_webhook",
    "get_delivery",
    "get_secret",
    "get_webhook",
    "limits_at",
    "list_codes",
    "list_deliveries",
    "list_endpoints",
    "list_unsupported",
    "list_webhooks",
    "operations",
    "ping_webhook",
    "send_again",
    "told",
    "with_api",
]
