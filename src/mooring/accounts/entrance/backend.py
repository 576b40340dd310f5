"""Where Django asks who somebody is: by e-mail address or mobile number, and a password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from mooring.accounts.entrance.log_in_password import check_log_in_password
from mooring.accounts.models import User
from mooring.accounts.presence import browsers
from mooring.kernel import clock


class PasswordBackend(ModelBackend):
    """Finds people by what they log in with; permissions and sessions are Django's."""

    def authenticate(  # type: ignore[override]  # other credentials than Django's own
        self,
        request: HttpRequest | None,
        *,
        identifier: str | None = None,
        password: str | None = None,
        **_other: Any,
    ) -> User | None:
        """Return who it is, if they may log in; None for every reason why not."""
        if request is None or identifier is None or password is None:
            return None
        found = check_log_in_password(
            typed=identifier,
            password=password,
            tokens=browsers.device_tokens(request),
            origin=browsers.origin_of(request, session=None, wall=clock.wall()),
            at=clock.now(),
        )
        if found is None:
            return None
        # Whatever ended the person's log-ins while the password was hashed ended this one too.
        return User.objects.filter(id=found.user_id, log_in_epoch=found.log_in_epoch).first()
