"""A customer's verification: where it stands, and sending a form. Nothing is ever shown back."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mooring.accounts import api as accounts
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.access import members_only
from mooring.web.forms.verification import FORMS
from mooring.web.pages import verification as pages
from mooring.web.uploads import read_files, takes_uploads
from mooring.web.visit import PageRequest

#: What one form has at most.
_PICTURES = 3


def _bytes_max(request: PageRequest) -> int:
    return _PICTURES * accounts.verification.find_picture_limits(at=request.visit.at).bytes_max


@members_only
@require_safe
def overview(request: PageRequest) -> HttpResponse:
    """Show the level, what waits, and what can be asked for."""
    page = pages.overview(request.visit, is_sandbox=settings.SANDBOX)
    return render(request, "web/verification/overview.html", {"page": page})


@takes_uploads(_bytes_max)
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: PageRequest, level: int) -> HttpResponse:
    """Ask for what a level needs, and take it."""
    status = accounts.verification.find_verification_status(account_id=request.visit.account_id)
    if not pages.may_send(status, level):
        return redirect("verification")
    if request.method != "POST":
        return _page(request, level, FORMS[level]())
    filled = FORMS[level](request.POST, request.FILES)
    try:
        _submit(request, level)
    except accounts.verification.VerificationFormFlawed as refusal:
        for name, flaw in refusal.flaws.items():
            filled.add_error(name, pages.flaw_sentence(name, flaw, refusal.facts))
        filled.add_error(None, refusals.sentence(refusal))
        return _page(request, level, filled, status=422)
    except Refusal as refusal:
        messages.warning(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("Thank you, everything has arrived."))
    return redirect("verification")


@members_only
@require_POST
def approve(request: PageRequest) -> HttpResponse:
    """Let the customer of a sandbox approve themselves."""
    try:
        accounts.verification.approve_oneself(
            account_id=request.visit.account_id, at=request.visit.at
        )
    except Refusal as refusal:
        messages.warning(request, refusals.sentence(refusal))
    return redirect("verification")


def _submit(request: PageRequest, level: int) -> None:
    limits = accounts.verification.find_picture_limits(at=request.visit.at)
    sent = accounts.verification.VerificationForm(
        level=level,
        texts=request.POST.dict(),
        pictures=read_files(request.FILES, bytes_max=limits.bytes_max),
    )
    accounts.verification.submit_verification(
        sent,
        account_id=request.visit.account_id,
        origin=request.visit.origin,
        at=request.visit.at,
    )


def _page(
    request: PageRequest, level: int, filled: forms.Form, *, status: int = 200
) -> HttpResponse:
    limits = accounts.verification.find_picture_limits(at=request.visit.at)
    shown = {"form": filled, "level": level, "megabytes": limits.megabytes_max}
    return render(request, f"web/verification/level_{level}.html", shown, status=status)
