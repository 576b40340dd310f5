"""Keys for programs: listed, made through a confirmation, revoked at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mooring.accounts import api as accounts
from mooring.web import step_up
from mooring.web.access import members_only
from mooring.web.forms.api_key import ApiKeyForm
from mooring.web.pages import api_keys as pages
from mooring.web.visit import PageRequest


@members_only
@require_safe
def keys(request: PageRequest) -> HttpResponse:
    """Show every key that works."""
    return render(request, "web/keys/keys.html", {"rows": pages.listing(request.visit)})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: PageRequest) -> HttpResponse:
    """Ask what the key shall be; it is made once that was confirmed on the next page."""
    if request.method != "POST":
        return render(request, "web/keys/create.html", {"form": ApiKeyForm()})
    form = ApiKeyForm(request.POST)
    order = form.order()
    if order is None:
        shown = {"form": form.without_private_key()}
        return render(request, "web/keys/create.html", shown, status=422)
    return step_up.ask(
        request, accounts.keys.CREATE_API_KEY, order.data(), back=reverse("api_keys")
    )


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PageRequest, key_id: int) -> HttpResponse:
    """Show which key would end, and end it."""
    row = pages.row_of(request.visit, key_id)
    if request.method != "POST":
        return render(request, "web/keys/revoke.html", {"row": row})
    accounts.keys.revoke_api_key(
        account_id=request.visit.account_id,
        key_id=key_id,
        origin=request.visit.origin,
        at=request.visit.at,
    )
    messages.success(
        request,
        _("The key %(label)s was revoked. It opens nothing any more.") % {"label": row.label},
    )
    return redirect("api_keys")
