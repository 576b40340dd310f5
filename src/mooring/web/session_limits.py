"""
Ends log-ins that have lasted long enough, and tells their person.

A session of Django's is a log-in only while `accounts` knows it as an open one. Whatever ended it
(time, another device, a security change) shows at the next request, which goes on as a stranger's
with a sentence about it: pages of members lead to the log-in page from there, and back.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
            _enter(request)
        response = get_response(request)
        if request.visit.session is not None and not _is_by_itself(request):
            origin = request.visit.origin
            accounts.presence.touch_session(request.visit.session, ip=origin.ip, wall=origin.wall)
        accounts.presence.write_cookie(request, response)
        return response

    return respond  # type: ignore[return-value]  # a request as `visits` has made it


def _enter(request: PageRequest) -> None:
    """Give the visit its open log-in; where it is over, say so and go on as a stranger's."""
    key = request.COOKIES[settings.SESSION_COOKIE_NAME]
    if not request.user.is_authenticated:
        if request.session.is_empty():
            _tell(request, accounts.presence.find_session_end(key))
        return
    found = accounts.presence.find_session(key, user_id=request.user.pk)
    if found is None:
        logout(request)
        _tell(
            request,
            accounts.presence.find_session_end(key) or accounts.presence.SessionEnd.SECURITY,
        )
        return
    wall = clock.wall()
    end = accounts.presence.find_end_due(found, wall=wall, at=request.visit.at)
    if end is None:
        request.visit.session = found
        return
    accounts.presence.end_session(session_id=found.id, end=end, wall=wall)
    logout(request)
    _tell(request, end)


def _tell(request: PageRequest, end: str | None) -> None:
    """Say why a log-in is over, where its person did not end it here themselves."""
    if end is not None and end != accounts.presence.SessionEnd.LOGGED_OUT:
        limits = accounts.presence.session_limits(at=request.visit.at)
        messages.info(request, _sentence(end, limits))


def _sentence(end: str, limits: accounts.presence.SessionLimits) -> str:
    if end == accounts.presence.SessionEnd.IDLE:
        minutes = int(limits.idle.total_seconds() // 60)
        return ngettext(
            "You were logged out after %(minutes)s minute without use. Nothing was changed.",
            "You were logged out after %(minutes)s minutes without use. Nothing was changed.",
            minutes,
        ) % {"minutes": minutes}
    if end == accounts.presence.SessionEnd.AGE:
        hours = int(limits.absolute.total_seconds() // 3600)
        return ngettext(
            "You were logged out because a log-in lasts %(hours)s hour. Nothing was changed.",
            "You were logged out because a log-in lasts %(hours)s hours. Nothing was changed.",
            hours,
        ) % {"hours": hours}
    if end == accounts.presence.SessionEnd.REVOKED:
        return _("You were logged out: this log-in was ended from another device.")
    return _("You were logged out. Please log in again.")


def _is_by_itself(request: PageRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name in _BY_THEMSELVES
