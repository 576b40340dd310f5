"""The sandbox's doors: move the clock, see whether it settled."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from mooring.kernel.errors import Refusal
from mooring.web import refusals, sandbox
from mooring.web.views.preferences import back
from mooring.web.visit import PageRequest


@require_POST
def advance(request: PageRequest) -> HttpResponse:
    """Move the platform's clock forward."""
    _only_in_a_sandbox()
    response = back(request)
    try:
        moved_to = sandbox.move_clock(request.POST.get("by", ""), at=request.visit.at)
    except Refusal as refusal:
        messages.warning(request, refusals.sentence(refusal))
        return response
    response.set_cookie(
        sandbox.MOVED_COOKIE,
        moved_to.isoformat(),
        max_age=sandbox.MOVED_SECONDS,
        samesite="Lax",
        httponly=True,
    )
    return response


@require_safe
def state(request: PageRequest) -> HttpResponse:
    """Show whether the work has caught up; when it has, let the page load itself anew."""
    _only_in_a_sandbox()
    bar = sandbox.bar_of(request, at=request.visit.at)
    response = render(request, "web/parts/_sandbox_state.html", {"bar": bar})
    if not bar.is_settling:
        response.headers["HX-Refresh"] = "true"
    return response


def _only_in_a_sandbox() -> None:
    if not settings.SANDBOX:
        raise Http404
