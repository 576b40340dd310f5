"""Who may see a page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from mooring.accounts import api as accounts
from mooring.web.visit import PageRequest

P = ParamSpec("P")
View = Callable[Concatenate[PageRequest, P], HttpResponseBase]


def members_only(view: View[P]) -> View[P]:
    """Let people with an account in; send strangers to log in and back."""

    @wraps(view)
    def guarded(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_log_in(request)
        if request.visit.profile is None:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def people_only(view: View[P]) -> View[P]:
    """Let in who is logged in, with or without an account; send strangers to log in and back."""

    @wraps(view)
    def guarded(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_log_in(request)
        return view(request, *args, **kwargs)

    return guarded


def staff_only(view: View[P]) -> View[P]:
    """
    Let reviewers in who have a strong factor; for everybody else there is nothing here.

    A reviewer without one is told to add it: a password alone would open everybody's documents.
    """

    @wraps(view)
    def guarded(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated or not user.is_staff:
            raise Http404
        if accounts.proofs.STRONG.isdisjoint(accounts.proofs.usable_factors(user.pk)):
            return render(request, "web/staff/factor_needed.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def to_log_in(request: PageRequest) -> HttpResponseBase:
    """
    Lead a stranger to log in, and from there to the page that they asked for.

    What was sent is not sent again by coming back: then to the page that the form was on.
    """
    if request.htmx:
        here = _own_path(request, request.htmx.current_url or "")
        return HttpResponseClientRedirect(redirect_to_login(here).url)
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    return redirect_to_login(_own_path(request, request.headers.get("Referer", "")))


def _own_path(request: PageRequest, url: str) -> str:
    """Return the path of an address on this site; the start for any other."""
    parts = urlsplit(url)
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return urlunsplit(("", "", parts.path, parts.query, "")) or "/" if is_ours else "/"
