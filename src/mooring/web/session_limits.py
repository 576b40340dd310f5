"""
Ends log-ins that have lasted long enough, and tells their person.

A session of Django's is a log-in only while `accounts` knows it as an open one. Whatever ended it
(time, another device, a security change) shows at the next request, which leads to the log-in
page with a sentence about it, and back from there.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect

from mooring.accounts import api as accounts
from mooring.kernel import clock
from mooring.web.visit import PageRequest

GetResponse = Callable[[HttpRequest], HttpResponse]

#: Pages that ask for themselves; a page left open is no use of the log-in.
_BY_THEMSELVES: Final = frozenset({"sandbox_state"})


def session_limits(get_response: GetResponse) -> GetResponse:
    """Find the log-in of each request; end it where it is over; write the device's cookie."""

    def respond(request: PageRequest) -> HttpResponse:
        # Who brings no session is nobody: machines that ask for health cost no query.
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            end = _enter(request)
            if end is not None:
                return _sent_to_log_in(request, end)
        response = get_response(request)
        if request.visit.session is not None and not _is_by_itself(request):
            origin = request.visit.origin
            accounts.touch_session(request.visit.session, ip=origin.ip, wall=origin.wall)
        accounts.write_cookie(request, response)
        return response

    return respond  # type: ignore[return-value]  # a request as `visits` has made it


def _enter(request: PageRequest) -> str | None:
    """Give the visit its open log-in; return how it ended if it is over."""
    key = request.COOKIES[settings.SESSION_COOKIE_NAME]
    if not request.user.is_authenticated:
        return _told_end(key) if request.session.is_empty() else None
    found = accounts.find_session(key, user_id=request.user.pk)
    if found is None:
        request.session.flush()
        return _told_end(key) or accounts.SessionEnd.SECURITY
    limits, wall = accounts.session_limits(at=request.visit.at), clock.wall()
    end = accounts.find_end_due(found, limits, wall=wall)
    if end is None:
        request.visit.session = found
        return None
    accounts.end_session(session_id=found.id, end=end, wall=wall)
    request.session.flush()
    return end


def _told_end(key: str) -> str | None:
    """Return how a log-in ended that its person did not end themselves here."""
    end = accounts.find_session_end(key)
    return end if end != accounts.SessionEnd.LOGGED_OUT else None


def _sent_to_log_in(request: PageRequest, end: str) -> HttpResponse:
    limits = accounts.session_limits(at=request.visit.at)
    messages.info(request, _sentence(end, limits))
    # What was sent is not sent again by coming back; a page can be asked for again.
    is_page = request.method in {"GET", "HEAD"} and not request.htmx
    login = reverse(settings.LOGIN_URL)
    if is_page and request.path != login:
        return redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(login) if request.htmx else HttpResponseRedirect(login)


def _sentence(end: str, limits: accounts.SessionLimits) -> str:
    if end == accounts.SessionEnd.IDLE:
        minutes = int(limits.idle.total_seconds() // 60)
        return ngettext(
            "You were logged out after %(minutes)s minute without use. Nothing was changed.",
            "You were logged out after %(minutes)s minutes without use. Nothing was changed.",
            minutes,
        ) % {"minutes": minutes}
    if end == accounts.SessionEnd.AGE:
        hours = int(limits.absolute.total_seconds() // 3600)
        return ngettext(
            "You were logged out because a log-in lasts %(hours)s hour. Nothing was changed.",
            "You were logged out because a log-in lasts %(hours)s hours. Nothing was changed.",
            hours,
        ) % {"hours": hours}
    if end == accounts.SessionEnd.REVOKED:
        return _("You were logged out: this log-in was ended from another device.")
    return _("You were logged out. Please log in again.")


def _is_by_itself(request: PageRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name in _BY_THEMSELVES
