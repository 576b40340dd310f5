"""Where a person is logged in, and ending that from here."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mooring.accounts import api as accounts
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.access import people_only
from mooring.web.pages import devices as pages
from mooring.web.visit import PageRequest


@people_only
@require_safe
def devices(request: PageRequest) -> HttpResponse:
    """Show the log-ins that last and the confirmed devices."""
    return render(request, "web/security/devices.html", {"page": pages.page_of(request)})


@people_only
@require_POST
def end_session(request: PageRequest, session_id: int) -> HttpResponse:
    """End one log-in."""
    visit = request.visit
    accounts.presence.revoke_session(
        session_id, user_id=visit.user_id, origin=visit.origin, at=visit.at
    )
    is_here = session_id == visit.origin.session_id
    return _left(request) if is_here else _back(request, _("That log-in is ended."))


@people_only
@require_POST
def revoke_device(request: PageRequest, device_id: int) -> HttpResponse:
    """Forget a device and end the log-ins on it."""
    visit = request.visit
    accounts.presence.revoke_device(
        device_id, user_id=visit.user_id, origin=visit.origin, at=visit.at
    )
    if device_id == visit.origin.device_id:
        return _left(request)
    told = _("That device is forgotten, and no longer logged in. It needs a code to come back.")
    return _back(request, told)


@people_only
@require_POST
def end_others(request: PageRequest) -> HttpResponse:
    """End every log-in but this one."""
    visit = request.visit
    try:
        count = accounts.presence.end_other_sessions(
            request.session,
            user_id=request.visit.user_id,
            session_id=visit.origin.session_id or 0,
            origin=visit.origin,
            at=visit.at,
        )
    except Refusal as refusal:
        logout(request)
        messages.warning(request, refusals.sentence(refusal))
        return redirect("account_login")
    told = ngettext(
        "%(count)s other log-in is ended. You are still logged in here.",
        "%(count)s other log-ins are ended. You are still logged in here.",
        count,
    ) % {"count": count}
    return _back(request, told)


def _back(request: PageRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect("devices")


def _left(request: PageRequest) -> HttpResponse:
    """Go on as a stranger: it was the log-in of this very request that was ended."""
    logout(request)
    messages.success(request, _("You are logged out."))
    return redirect(reverse("account_login"))
