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
    return _listed(request)


@staff_only
@require_POST
def approve(request: PageRequest, recovery_id: int) -> HttpResponse:
    """Note that the reviewer knows who asks."""
    reason = request.POST.get("reason", "")
    try:
        accounts.protection.approve_recovery(
            recovery_id,
            reviewer_id=request.user.pk or 0,
            reason=reason,
            at=request.visit.at,
        )
    except accounts.protection.RecoveryReasonWrong as refusal:
        problem = refusals.sentence(refusal)
        return _listed(request, wrong_id=recovery_id, problem=problem, typed=reason, status=422)
    except Refusal as refusal:
        if refusal.code in refusals.NOT_FOUND:
            raise
        messages.error(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("Approved. The account can be opened once its time has come."))
    return redirect("staff_recoveries")


def _listed(
    request: PageRequest,
    *,
    wrong_id: int = 0,
    problem: str = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show who waits; beside the recovery `wrong_id`, what was typed and what is wrong with it."""
    kind = accounts.protection.RecoveryKind.DISABLED
    shown = {
        "rows": accounts.protection.list_recoveries(kind=kind),
        "wrong_id": wrong_id,
        "problem": problem,
        "typed": typed,
    }
    return render(request, "web/staff/recoveries.html", shown, status=status)
