"""Earn: the overview, one asset, one position."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from mooring.earn import api as earn
from mooring.web.access import members_only
from mooring.web.calendar import reminder
from mooring.web.forms.overview import read_wish
from mooring.web.pages import position as position_pages
from mooring.web.pages import positions, redemptions
from mooring.web.visit import PageRequest


@require_safe
def overview(request: PageRequest, kind: str = "") -> HttpResponseBase:
    """Show everything staked; a stranger sees what could be."""
    if not request.user.is_authenticated:
        return redirect("products")
    return _overview(request, kind=kind)


@members_only
def _overview(request: PageRequest, *, kind: str) -> HttpResponse:
    page = positions.overview(request.visit, read_wish(request.GET, kind=kind))
    return render(request, "web/earn/overview.html", {"page": page, "fixed_kind": kind})


@require_safe
def asset(request: PageRequest, code: str) -> HttpResponse:
    """Show one asset's positions and products."""
    page = positions.asset(request.visit, code)
    if page is None:
        raise Http404
    return render(request, "web/earn/asset.html", {"page": page})


@members_only
@require_safe
def position(request: PageRequest, position_id: int) -> HttpResponse:
    """Show one position in full."""
    page = position_pages.page_of(request.visit, position_id)
    return render(request, "web/earn/position.html", {"page": page})


@members_only
@require_safe
def remind(request: PageRequest, position_id: int) -> HttpResponse:
    """Give the end of a position as a calendar entry."""
    found = earn.get_position(
        account_id=request.visit.account_id, position_id=position_id, at=request.visit.at
    )
    if found.rewards_end is None:
        raise Http404
    response = HttpResponse(
        reminder(found, url=request.build_absolute_uri(f"/earn/positions/{position_id}")),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="mooring-{position_id}.ics"'
    return response


@members_only
@require_safe
def listing(request: PageRequest) -> HttpResponse:
    """Show every redemption, what is on its way first."""
    rows = redemptions.listing(request.visit)
    return render(request, "web/redemptions/listing.html", {"rows": rows})
