"""Reviewers look at who asks for a disabled account back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mooring.accounts import api as accounts
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.access import staff_only
from mooring.web.visit import PageRequest


@staff_only
@require_safe
def listing(request: PageRequest) -> HttpResponse:
    """List the open recoveries of disabled accounts."""
    rows = accounts.protection.list_recoveries(kind=accounts.protection.RecoveryKind.DISABLED)
    return render(request, "web/staff/recoveries.html", {"rows": rows})


@staff_only
@require_POST
def approve(request: PageRequest, recovery_id: int) -> HttpResponse:
    """Note that the reviewer knows who asks."""
    try:
        accounts.protection.approve_recovery(
            recovery_id,
            reviewer_id=request.user.pk or 0,
            origin=request.visit.origin,
            at=request.visit.at,
        )
    except Refusal as refusal:
        if refusal.code in refusals.NOT_FOUND:
            raise
        messages.error(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("Approved. The account can be opened once its time has come."))
    return redirect("staff_recoveries")
