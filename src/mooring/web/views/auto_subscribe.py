"""Switching on and off that free spot goes into a flexible product once a day."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mooring.earn import api as earn
from mooring.kernel.errors import Refusal
from mooring.web import refusals, terms
from mooring.web.access import members_only
from mooring.web.pages import auto_subscribe as pages
from mooring.web.visit import PageRequest


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def auto_subscribe(request: PageRequest) -> HttpResponse:
    """Show what goes into products by itself, and change it."""
    problem = ""
    if request.method == "POST":
        problem = _change(request)
        if not problem:
            messages.success(request, _("Saved."))
            return redirect("auto_subscribe")
    shown = {"page": pages.page_of(request.visit), "problem": problem}
    return render(request, "web/earn/auto_subscribe.html", shown, status=422 if problem else 200)


def _change(request: PageRequest) -> str:
    """Do what the form asks for; return what is in the way of it."""
    wants_on = request.POST.get("switch") == "on"
    if wants_on and not request.POST.get("terms"):
        return _("Please read and accept the terms of the product. Nothing was changed.")
    try:
        earn.set_auto_subscription(
            account_id=request.visit.account_id,
            product_code=request.POST.get("product", "")[:32],
            is_on=wants_on,
            consent_version=terms.VERSION,
            at=request.visit.at,
        )
    except Refusal as refusal:
        return refusals.sentence(refusal)
    return ""
