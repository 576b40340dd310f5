"""Choosing what becomes of a locked position at its end."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mooring.earn import api as earn
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.access import members_only
from mooring.web.visit import PageRequest

_PLACES: Final[dict[str, earn.RedeemTo]] = {
    "SPOT": "SPOT",
    "FUNDING": "FUNDING",
    "FLEXIBLE": "FLEXIBLE",
}


@members_only
@require_POST
def maturity(request: PageRequest, position_id: int) -> HttpResponse:
    """Change what becomes of the principal; what is not offered changes nothing."""
    place = _PLACES.get(request.POST.get("redeem_to", ""))
    try:
        if place is None:
            found = earn.get_position(
                account_id=request.visit.account_id, position_id=position_id, at=request.visit.at
            )
            place = _PLACES[found.redeem_to]
        earn.set_maturity_choice(
            account_id=request.visit.account_id,
            position_id=position_id,
            auto_renew=request.POST.get("auto_renew") == "on",
            redeem_to=place,
            at=request.visit.at,
        )
    except Refusal as refusal:
        if refusal.code in refusals.NOT_FOUND:
            raise
        messages.warning(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("position", position_id=position_id)
