"""The inbox, what a person wants to be told, and the outbox of a sandbox."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mooring.notices import api as notices
from mooring.web.access import members_only
from mooring.web.forms.notices import read_choices, read_number, read_to
from mooring.web.pages import notices as pages
from mooring.web.visit import PageRequest


@members_only
@require_safe
def inbox(request: PageRequest) -> HttpResponse:
    """Show what was written to a person here, newest first."""
    before = read_number(request.GET.get("before", ""))
    page = notices.list_inbox(user_id=request.visit.user_id, before=before)
    return render(request, "web/notices/inbox.html", {"page": page, "is_first": before is None})


@members_only
@require_POST
def mark_read(request: PageRequest, notice_id: int) -> HttpResponse:
    """Mark one notice as read."""
    notices.mark_read(user_id=request.visit.user_id, notice_id=notice_id, at=request.visit.at)
    return redirect("notices")


@members_only
@require_POST
def mark_all_read(request: PageRequest) -> HttpResponse:
    """Mark what the page showed, and everything before it, as read."""
    through = read_number(request.POST.get("through", ""))
    if through is not None:
        notices.mark_all_read(user_id=request.visit.user_id, through=through, at=request.visit.at)
    return redirect("notices")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: PageRequest) -> HttpResponse:
    """Show and set which notices a person wants where."""
    if request.method == "POST":
        choices = read_choices(request.POST, pages.channels_offered())
        notices.set_preferences(user_id=request.visit.user_id, choices=choices)
        messages.success(request, _("Saved."))
        return redirect("notice_preferences")
    shown = {"choices": pages.choices_of(request.visit.user_id)}
    return render(request, "web/notices/preferences.html", shown)


@require_safe
def outbox(request: PageRequest) -> HttpResponse:
    """Show what was sent to whom: a sandbox's people are invented, and so are their secrets."""
    if not settings.SANDBOX:
        raise Http404
    to = read_to(request.GET)
    shown = {"to": to, "rows": pages.shown(notices.list_outbox(to=to))}
    return render(request, "web/sandbox/outbox.html", shown)
