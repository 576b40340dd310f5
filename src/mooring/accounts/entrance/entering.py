"""The moment a browser's session becomes a log-in, and the moment it is none any more."""

from typing import cast

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mooring.accounts.actions.end_session import log_out
from mooring.accounts.actions.log_in import log_in
from mooring.accounts.models import User
from mooring.accounts.presence import browsers, devices, sessions
from mooring.kernel import clock


def go_on(
    request: HttpRequest, *, user_id: int, redirect_url: str | None = None, is_new: bool = False
) -> HttpResponse:
    """
    Lead somebody whose password was right through what is left of the log-in: factor, device.

    Args:
        redirect_url: where to be in the end; checked by whoever read it from a request.
        is_new: the account was opened this moment, in this browser: it is their device.
    """
    user = User.objects.get(id=user_id)
    if not request.user.is_authenticated:
        # Who planted the session in this browser does not share what the password has opened.
        request.session.cycle_key()
    pending = Login(user=user, redirect_url=redirect_url, signup=is_new)
    return cast("HttpResponse", perform_login(request, pending))


def enter(request: HttpRequest, user: User, *, previous_key: str | None) -> bool:
    """
    Begin a log-in for a request whose session Django has just given to a person.

    Args:
        user: as read with the pending log-in, whose epoch it has.
        previous_key: of the session before; a log-in that it was is over.

    Returns:
        False where everything of the person's was ended meanwhile: the session is nobody's again.
    """
    if request.session.session_key is None:
        # Django has thrown the session of somebody else away, and made no new one yet.
        request.session.create()
    tokens = browsers.device_tokens(request)
    begun = log_in(
        user,
        session_key=request.session.session_key or "",
        previous_key=previous_key,
        device_id=devices.find_device_id(tokens, user_id=user.pk),
        origin=browsers.origin_of(request, session=None, wall=clock.wall()),
        at=clock.now(),
    )
    if begun is None:
        logout(request)
    return begun is not None


def given_up(request: HttpRequest) -> HttpResponse:
    """Lead back to its beginning a log-in that was over before it was one."""
    messages.info(request, _("This log-in was given up. Please log in again."))
    return redirect("account_login")


def leave(request: HttpRequest) -> None:
    """End the log-in that a request belongs to; before Django throws its session away."""
    key, user_id = request.session.session_key, request.user.pk
    session = sessions.find_session(key, user_id=user_id) if key and user_id else None
    if session is None:
        return
    origin = browsers.origin_of(request, session=session, wall=clock.wall())
    log_out(user_id=session.user_id, session_id=session.id, origin=origin, at=clock.now())
