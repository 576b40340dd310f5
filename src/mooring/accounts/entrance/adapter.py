"""Where allauth asks us: what stands before a log-in, and what happens as one begins or ends."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mooring.accounts.entrance import entering
from mooring.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """
    How people log in here.

    allauth saves nobody, sends no mail and counts no tries here: see the decisions.
    """

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's
        """Answer everybody with pages: allauth's JSON holds what was typed, the password too."""
        return False

    def get_login_stages(self) -> list[str]:
        """Return what stands between a right password and a log-in, in order."""
        return [
            "mooring.accounts.proofs.factor_stage.FactorStage",
            "mooring.accounts.presence.device_stage.DeviceStage",
        ]

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002 - allauth's
        """Lead who was blocked between two steps of a log-in back to its beginning."""
        return redirect("account_login")

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the log-in, after every stage of it."""
        previous_key = request.session.session_key
        super().login(request, user)
        if not entering.enter(request, user, previous_key=previous_key):
            raise ImmediateHttpResponse(entering.given_up(request))

    def logout(self, request: HttpRequest) -> None:
        """End the log-in of who leaves."""
        entering.leave(request)
        super().logout(request)
