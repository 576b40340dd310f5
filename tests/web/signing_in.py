"""
A browser of the tests in which somebody is logged in, without the pages of logging in.

Writes what logging in writes: Django's session, the device with its cookie, the log-in.
"""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.test import Client

from mooring.accounts.models import LoginSession, User
from mooring.accounts.origin import Origin
from mooring.accounts.presence import devices, sessions
from mooring.kernel import clock

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
BACKEND = "mooring.accounts.entrance.backend.PasswordBackend"


def sign_in(client: Client, user: User, *, device: bool = True) -> LoginSession:
    """
    Log `user` in, in the browser `client`, and return the log-in.

    Args:
        device: whether the browser is one that the person has confirmed before.
    """
    origin = Origin(
        wall=clock.wall(), ip="127.0.0.1", user_agent=BROWSER, device_name="Firefox on Linux"
    )
    device_id = confirm_device(client, user) if device else None
    with transaction.atomic():
        session_id = sessions.begin_session(
            user_id=user.pk, session_key=_django_session(user), device_id=device_id, origin=origin
        )
    found = LoginSession.objects.get(pk=session_id)
    client.cookies[settings.SESSION_COOKIE_NAME] = found.session_key
    return found


def confirm_device(client: Client, user: User) -> int:
    """Make the browser one that the person has confirmed before; return the device's id."""
    device_id, token = confirmed_device(user)
    client.cookies[settings.DEVICE_COOKIE_NAME] = token
    return device_id


def confirmed_device(user: User) -> tuple[int, str]:
    """Make a device of the person's, and return its id and the token for its cookie."""
    origin = Origin(wall=clock.wall(), ip="127.0.0.1", device_name="Firefox on Linux")
    with transaction.atomic():
        return devices.confirm(user_id=user.pk, origin=origin)


def _django_session(user: User) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
