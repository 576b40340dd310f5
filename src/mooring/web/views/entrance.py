"""
The addresses of sign-up, log-in, log-out and of a new password.

allauth has the log-in, between its form and its stages, and the log-out; the rest is ours. What
is not listed here is not routed: managing addresses and factors is the security page's.
"""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import LoginView, logout
from django.http import HttpRequest
from django.urls import URLPattern, path, re_path

from mooring.web.views import password_reset, sign_up


class LogInView(LoginView):  # type: ignore[misc]  # allauth is not typed
    """allauth's log-in, which can be begun anew while another one is pending."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:  # noqa: ARG002 - allauth's
        """Give the pending log-in up: whoever comes back here wants to be somebody else."""
        clear_login(request)


urlpatterns: list[URLPattern] = [
    path("login/", LogInView.as_view(), name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("signup/", sign_up.sign_up, name="account_signup"),
    path("signup/code/", sign_up.code, name="account_signup_code"),
    path("signup/resend/", sign_up.resend, name="account_signup_resend"),
    path("password/reset/", password_reset.ask, name="account_reset_password"),
    path("password/reset/code/", password_reset.code, name="account_reset_code"),
    path("password/reset/new/", password_reset.new_password, name="account_reset_new"),
    re_path(
        r"^password/reset/(?P<token>[A-Za-z0-9_-]{20,100})\Z",
        password_reset.link,
        name="account_reset_link",
    ),
]
