"""The history: a list, and a file for records."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mooring.web import history_file
from mooring.web.access import members_only
from mooring.web.forms.history import read_history_wish
from mooring.web.pages import history as pages
from mooring.web.visit import PageRequest


@members_only
@require_safe
def history(request: PageRequest) -> HttpResponse:
    """Show one page of everything that moved."""
    wish = read_history_wish(request.GET, assets=frozenset(request.visit.assets))
    page = pages.history(request.visit, wish.narrow())
    shown = {"page": page, "wish": wish, "kinds": pages.KINDS, "assets": request.visit.assets}
    return render(request, "web/history.html", shown)


@members_only
@require_safe
def history_csv(request: PageRequest) -> StreamingHttpResponse:
    """Give the filtered history as a CSV file."""
    wish = read_history_wish(request.GET, assets=frozenset(request.visit.assets))
    response = StreamingHttpResponse(
        history_file.lines(request.visit.account_id, wish.narrow()),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="mooring-history.csv"'
    return response
