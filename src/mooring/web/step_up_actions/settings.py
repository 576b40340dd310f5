"""Confirming a new password, e-mail address, mobile number, and how our mails look."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mooring.accounts import api as accounts
from mooring.web.step_up import Line, register
from mooring.web.step_up_actions.consequences import following
from mooring.web.visit import PageRequest


def _done(request: PageRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("security")


def _describe_password(_facts: Mapping[str, str]) -> Sequence[Line]:
    return [
        (_("New password"), _("as you typed it, not shown here")),
        *following(accounts.protection.HoldCause.PASSWORD_CHANGED),
    ]


def _change_password(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    origin = request.visit.origin
    accounts.entrance.change_password(
        account_id=request.visit.account_id,
        step_up_id=step_up_id,
        origin=origin,
        at=request.visit.at,
    )
    if origin.session_id is not None:
        # The log-in takes over the new password, or it would end like the others.
        accounts.presence.rotate_session(request.session, session_id=origin.session_id)
    return _done(request, _("Your password was changed. Log-ins on other devices have ended."))


def _describe_email(facts: Mapping[str, str]) -> Sequence[Line]:
    return [
        (_("New e-mail address"), facts["to"]),
        *following(accounts.protection.HoldCause.EMAIL_CHANGED),
    ]


def _change_email(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    _change_contact(request, accounts.Channel.EMAIL, step_up_id)
    return _done(request, _("Your e-mail address is set. The one before it, if any, was told."))


def _describe_phone(facts: Mapping[str, str]) -> Sequence[Line]:
    return [
        (_("New mobile number"), facts["to"]),
        *following(accounts.protection.HoldCause.PHONE_CHANGED),
    ]


def _change_phone(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    _change_contact(request, accounts.Channel.SMS, step_up_id)
    return _done(request, _("Your mobile number is set. The one before it, if any, was told."))


def _change_contact(request: PageRequest, channel: accounts.Channel, step_up_id: UUID) -> None:
    accounts.protection.change_contact(
        account_id=request.visit.account_id,
        channel=channel,
        step_up_id=step_up_id,
        origin=request.visit.origin,
        at=request.visit.at,
    )


def _describe_removal(facts: Mapping[str, str]) -> Sequence[Line]:
    is_mail = facts["channel"] == accounts.Channel.EMAIL
    causes = accounts.protection.HoldCause
    return [
        (_("E-mail address") if is_mail else _("Mobile number"), facts["to"]),
        (_("Codes to it"), _("it is no second factor any more, if it was one")),
        *following(causes.EMAIL_CHANGED if is_mail else causes.PHONE_CHANGED),
    ]


def _remove_contact(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    accounts.protection.remove_contact(
        account_id=request.visit.account_id,
        step_up_id=step_up_id,
        origin=request.visit.origin,
        at=request.visit.at,
    )
    return _done(request, _("It was removed. We do not write there any more."))


def _describe_code(facts: Mapping[str, str]) -> Sequence[Line]:
    return [
        (_("Code at the head of our mails"), facts["code"]),
        (_("From now on"), _("never shown in full again")),
    ]


def _change_code(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    accounts.protection.change_anti_phishing_code(
        account_id=request.visit.account_id,
        step_up_id=step_up_id,
        origin=request.visit.origin,
        at=request.visit.at,
    )
    return _done(request, _("The code stands at the head of every mail from now on."))


def _describe_language(facts: Mapping[str, str]) -> Sequence[Line]:
    return [(_("Language of our messages"), dict(settings.LANGUAGES)[facts["language"]])]


def _change_language(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    accounts.protection.change_language(
        account_id=request.visit.account_id, step_up_id=step_up_id, origin=request.visit.origin
    )
    return _done(request, _("We write to you in this language from now on."))


register(
    "password.change",
    name=gettext_lazy("Change the password"),
    describe=_describe_password,
    execute=_change_password,
)
register(
    "email.change",
    name=gettext_lazy("Change the e-mail address"),
    describe=_describe_email,
    execute=_change_email,
)
register(
    "phone.change",
    name=gettext_lazy("Change the mobile number"),
    describe=_describe_phone,
    execute=_change_phone,
)
register(
    "contact.remove",
    name=gettext_lazy("Remove a way to reach you"),
    describe=_describe_removal,
    execute=_remove_contact,
)
register(
    "anti_phishing.change",
    name=gettext_lazy("Change the code in our mails"),
    describe=_describe_code,
    execute=_change_code,
)
register(
    "language.change",
    name=gettext_lazy("Change the language of our messages"),
    describe=_describe_language,
    execute=_change_language,
)
