"""
Where allauth asks us.

Sign-up saves the log-in and opens its account in one transaction, without signals. In a
sandbox the mails that a browser caused are also kept in its session, for there is nobody to
deliver them.
"""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest

from mooring.accounts import entering
from mooring.accounts.actions.open_account import sign_up
from mooring.accounts.errors import EmailTaken
from mooring.accounts.mailbox import MAILBOX_KEY, with_mail
from mooring.accounts.models import User
from mooring.kernel import clock


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """How allauth saves people and sends mail here."""

    def get_login_stages(self) -> list[str]:
        """Return what stands between a right password and a log-in, in order."""
        theirs = [stage for stage in super().get_login_stages() if ".mfa." not in stage]
        return [
            *theirs,
            "mooring.accounts.factor_stage.FactorStage",
            "mooring.accounts.device_stage.DeviceStage",
        ]

    def save_user(
        self,
        request: HttpRequest,
        user: Any,
        form: BaseForm,
        commit: bool = True,  # noqa: FBT001, FBT002 - allauth's signature
    ) -> User:
        """
        Save the new log-in together with its account.

        Raises:
            ImmediateHttpResponse: somebody else signed up with the address this very moment;
                the answer is the one that a taken address always gets.
        """
        saved = cast("User", super().save_user(request, user, form, commit=False))
        if not commit:
            return saved
        terms_version = form.cleaned_data.get("terms_version", "")
        try:
            sign_up(saved, terms_version=terms_version, at=clock.now())
        except EmailTaken as error:
            raise ImmediateHttpResponse(prevent_enumeration(request, email=saved.email)) from error
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's mails; in a sandbox, let the browser that caused it read it."""
        request = allauth_context.request
        message = self.render_mail(template_prefix, email, {**context, "email": email})
        message.send()
        if settings.SANDBOX and request is not None:
            mail = {"to": email, "subject": message.subject, "body": message.body}
            request.session[MAILBOX_KEY] = with_mail(request.session.get(MAILBOX_KEY, []), mail)

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the log-in, after every stage of it."""
        previous_key = request.session.session_key
        super().login(request, user)
        entering.enter(request, user_id=user.pk, previous_key=previous_key)

    def logout(self, request: HttpRequest) -> None:
        """End the log-in of who leaves."""
        entering.leave(request)
        super().logout(request)
