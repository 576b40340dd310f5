"""One redemption: tracking, undo."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mooring.earn import api as earn
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.access import members_only
from mooring.web.pages import redemptions as pages
from mooring.web.visit import PageRequest


@members_only
@require_safe
def redemption(request: PageRequest, redemption_id: int) -> HttpResponse:
    """Show where a redemption is."""
    page = pages.page_of(request.visit, redemption_id)
    shown = {"page": page, "is_done": bool(request.GET.get("done"))}
    return render(request, "web/redemptions/redemption.html", shown)


@members_only
@require_POST
def undo(request: PageRequest, redemption_id: int) -> HttpResponse:
    """Take a redemption back while that is possible."""
    try:
        earn.undo(
            account_id=request.visit.account_id,
            redemption_id=redemption_id,
            at=request.visit.at,
        )
    except earn.UndoNotPossible as refusal:
        messages.warning(request, refusals.sentence(refusal))
    except Refusal as refusal:
        if refusal.code in refusals.NOT_FOUND:
            raise
        messages.warning(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("Undone. The position is exactly as it was before."))
    return redirect("redemption", redemption_id=redemption_id)
