"""The security page and the record of what happened."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mooring.web.access import members_only
from mooring.web.pages import activity as activity_pages
from mooring.web.pages import security as pages
from mooring.web.visit import PageRequest

_DIGITS_MAX = 18


@members_only
@require_safe
def security(request: PageRequest) -> HttpResponse:
    """Show what protects the account, what waits, and what happened last."""
    return render(request, "web/security/overview.html", {"page": pages.overview(request)})


@members_only
@require_safe
def activity(request: PageRequest) -> HttpResponse:
    """Show the security events, newest first."""
    asked = request.GET.get("before", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS_MAX
    page = activity_pages.page_of(
        user_id=request.visit.user_id, before=int(asked) if is_number else None
    )
    return render(request, "web/security/activity.html", {"page": page})
