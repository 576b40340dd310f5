"""The moment a browser's session becomes a log-in, and the moment it is none any more."""

from typing import cast

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

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


def enter(request: HttpRequest, *, user_id: int, previous_key: str | None) -> None:
    """
    Begin a log-in for a request whose session Django has just given to a person.

    Args:
        previous_key: of the session before; a log-in that it was is over.
    """
    if request.session.session_key is None:
        # Django has thrown the session of somebody else away, and made no new one yet.
        request.session.create()
    tokens = browsers.device_tokens(request)
    log_in(
        user_id=user_id,
        session_key=request.session.session_key or "",
        previous_key=previous_key,
        device_id=devices.find_device_id(tokens, user_id=user_id),
        origin=browsers.origin_of(request, session=None, wall=clock.wall()),
        at=clock.now(),
    )


def leave(request: HttpRequest) -> None:
    """End the log-in that a request belongs to; before Django throws its session away."""
    key, user_id = request.session.session_key, request.user.pk
    session = sessions.find_session(key, user_id=user_id) if key and user_id else None
    if session is None:
        return
    origin = browsers.origin_of(request, session=session, wall=clock.wall())
    log_out(user_id=session.user_id, session_id=session.id, origin=origin, at=clock.now())
