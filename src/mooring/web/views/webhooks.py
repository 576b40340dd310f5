"""Addresses that are told what happens: added, looked at, tried, ended."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mooring.gateway import api as gateway
from mooring.kernel.errors import Refusal
from mooring.web.access import members_only
from mooring.web.forms.notices import read_number
from mooring.web.forms.webhook import WebhookForm
from mooring.web.pages import webhooks as pages
from mooring.web.visit import PageRequest


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: PageRequest) -> HttpResponse:
    """Show every address that is told, and take a new one."""
    if request.method != "POST":
        return _listing(request, WebhookForm())
    form = WebhookForm(request.POST)
    asked = form.asked()
    if asked is None:
        return _listing(request, form)
    try:
        webhook_id = gateway.create_webhook(
            account_id=request.visit.account_id, **asked, at=request.visit.at
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _listing(request, form)
    messages.success(request, _("Added. From now on this address is told what happens."))
    return redirect("webhook", webhook_id=webhook_id)


def _listing(request: PageRequest, form: WebhookForm) -> HttpResponse:
    shown = {
        "rows": pages.listing(request.visit),
        "form": form,
        "to_loopback": settings.WEBHOOKS_TO_LOOPBACK,
    }
    return render(request, "web/webhooks/listing.html", shown, status=422 if form.is_bound else 200)


@members_only
@require_safe
def webhook(request: PageRequest, webhook_id: int) -> HttpResponse:
    """Show an address, its secret, and what it was told."""
    before = read_number(request.GET.get("before", ""))
    shown = {"page": pages.page_of(request.visit, webhook_id, before=before)}
    response = render(request, "web/webhooks/webhook.html", shown)
    response.headers["Cache-Control"] = "no-store"
    return response


@members_only
@require_POST
def ping(request: PageRequest, webhook_id: int) -> HttpResponse:
    """Send a message that says nothing, to see whether it arrives."""
    gateway.ping_webhook(account_id=request.visit.account_id, webhook_id=webhook_id)
    messages.success(request, _("A test message is on its way. Look again in a few seconds."))
    return redirect("webhook", webhook_id=webhook_id)


@members_only
@require_POST
def again(request: PageRequest, delivery_id: int) -> HttpResponse:
    """Send a message once more."""
    account_id = request.visit.account_id
    found = gateway.get_delivery(account_id=account_id, delivery_id=delivery_id)
    gateway.send_again(account_id=account_id, delivery_id=delivery_id)
    messages.success(request, _("The message is sent again. Look again in a few seconds."))
    return redirect("webhook", webhook_id=found.webhook_id)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PageRequest, webhook_id: int) -> HttpResponse:
    """Show which address would be told nothing more, and end it."""
    row = pages.row_of(request.visit, webhook_id)
    if request.method != "POST":
        return render(request, "web/webhooks/end.html", {"row": row})
    gateway.end_webhook(
        account_id=request.visit.account_id, webhook_id=webhook_id, at=request.visit.at
    )
    messages.success(request, _("Ended. %(url)s is told nothing more.") % {"url": row.url})
    return redirect("webhooks")
