"""The addresses of webhooks."""

from django.urls import URLPattern, path

from mooring.web.views import webhooks

urlpatterns: list[URLPattern] = [
    path("security/webhooks", webhooks.listing, name="webhooks"),
    path("security/webhooks/<row:webhook_id>", webhooks.webhook, name="webhook"),
    path("security/webhooks/<row:webhook_id>/ping", webhooks.ping, name="webhook_ping"),
    path("security/webhooks/<row:webhook_id>/end", webhooks.end, name="webhook_end"),
    path(
        "security/webhooks/messages/<row:delivery_id>/again",
        webhooks.again,
        name="webhook_again",
    ),
]
