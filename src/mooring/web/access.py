"""Who may see a page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from mooring.web.visit import PageRequest

P = ParamSpec("P")
View = Callable[Concatenate[PageRequest, P], HttpResponseBase]


def members_only(view: View[P]) -> View[P]:
    """Let people with an account in; send strangers to log in and back."""

    @wraps(view)
    def guarded(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.visit.profile is None:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
