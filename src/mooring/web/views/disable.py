"""
Disabling the account: from the security page, or by the link in a security mail.

The link works for whoever holds the mail, logged in or not: it can only protect. Asking shows
what happens and changes nothing, because mailboxes open links by themselves.
"""

from datetime import timedelta

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from mooring.accounts import api as accounts
from mooring.policies import api as policies
from mooring.web.access import members_only
from mooring.web.forms.security import DisableForm
from mooring.web.visit import PageRequest


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def disable(request: PageRequest) -> HttpResponse:
    """Show what disabling does; with the tick, do it."""
    form = DisableForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _disabled(request, request.visit.user_id)
    status = 422 if request.method == "POST" else 200
    shown = {"form": form, "action": reverse("disable"), "is_by_link": False}
    return render(request, "web/security/disable.html", shown, status=status)


@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def disable_by_link(request: PageRequest, token: str) -> HttpResponse:
    """Show what the link does; with the button, do it."""
    days = policies.in_force(at=request.visit.at)[accounts.DISABLE_LINK_DAYS]
    user_id = accounts.protection.read_disable_token(token, max_age=timedelta(days=days))
    if user_id is None or not accounts.protection.may_be_disabled(user_id):
        return _not_valid(request)
    if request.method == "POST":
        return _disabled(request, user_id)
    shown = {"action": reverse("disable_link", args=[token]), "is_by_link": True}
    return render(request, "web/security/disable.html", shown)


def _disabled(request: PageRequest, user_id: int) -> HttpResponse:
    try:
        accounts.protection.disable_account(
            user_id=user_id,
            origin=request.visit.origin,
            wall=request.visit.origin.wall,
            at=request.visit.at,
        )
    except accounts.AccountNotOpen:
        return _not_valid(request)
    if request.user.pk == user_id:
        logout(request)
    return redirect("disabled")


def _not_valid(request: PageRequest) -> HttpResponse:
    return render(request, "web/security/link_not_valid.html", status=404)


@require_http_methods(["GET", "HEAD"])
def disabled(request: PageRequest) -> HttpResponse:
    """Say what has happened, and how to come back."""
    return render(request, "web/security/disabled.html")
