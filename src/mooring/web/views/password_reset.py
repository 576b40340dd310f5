"""
A new password for somebody who cannot log in: who, the code or link, the new password.

Whoever is asked about, each answer is the same until a message was read. Nobody is logged in by
a new password: what a log-in asks for besides, it asks for afterwards.
"""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from mooring.accounts import api as accounts
from mooring.accounts.api.entrance import ResetVerdict
from mooring.accounts.api.proofs import Factor
from mooring.web import refusals
from mooring.web.forms.entrance import CodeForm, NewPasswordForm, ResetForm
from mooring.web.pages import factor as factor_pages
from mooring.web.pages.reset import Reset
from mooring.web.views.sign_up import problem_of
from mooring.web.visit import PageRequest

#: Where the browser's session keeps which code was sent, and then which new password it may set.
_CODE_KEY: Final = "reset_code"
_GRANT_KEY: Final = "reset_grant"


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PageRequest) -> HttpResponse:
    """Ask whose password is to be set anew; send a code and, by mail, a link."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            code_id = accounts.entrance.ask_reset(
                identifier=form.cleaned_data["identifier"],
                tokens=accounts.presence.device_tokens(request),
                origin=request.visit.origin,
                at=request.visit.at,
            )
        except accounts.entrance.MessagesUsedUp as refusal:
            form.add_error("identifier", refusals.sentence(refusal))
            status = 429
        else:
            request.session[_CODE_KEY] = str(code_id)
            return redirect("account_reset_code")
    return render(request, "web/entrance/reset.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: PageRequest) -> HttpResponse:
    """Ask for the code; with the right one, go on to the new password."""
    kept = request.session.get(_CODE_KEY)
    sent = accounts.entrance.find_reset_code(UUID(kept)) if kept else None
    if sent is None:
        return redirect("account_reset_password")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        found = accounts.entrance.try_reset_code(
            sent.id,
            form.cleaned_data["code"],
            tokens=accounts.presence.device_tokens(request),
            origin=request.visit.origin,
            at=request.visit.at,
        )
        if found.grant_id is not None:
            return _granted(request, found.grant_id)
        form.add_error("code", problem_of(found.verdict))
    shown = {"form": form, "to": sent.sent_to, "is_sms": sent.channel == "SMS"}
    status = 422 if form.is_bound else 200
    return render(request, "web/entrance/reset_code.html", shown, status=status)


@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: PageRequest, token: str) -> HttpResponse:
    """Show what the link is for; with the button, go on. Mailboxes open links by themselves."""
    if request.method != "POST":
        return render(request, "web/entrance/reset_link.html", {"token": token})
    found = accounts.entrance.use_reset_link(token, origin=request.visit.origin)
    if found.grant_id is None:
        return _over(request)
    return _granted(request, found.grant_id)


@sensitive_post_parameters("password", "code", "passkey")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: PageRequest) -> HttpResponse:
    """Ask for the new password, and for the second factor of who has one."""
    kept = request.session.get(_GRANT_KEY)
    view = (
        accounts.entrance.find_reset(UUID(kept), wall=request.visit.origin.wall) if kept else None
    )
    if view is None:
        return _over(request) if request.method == "POST" else redirect("account_reset_password")
    reset = Reset(request, view)
    way = reset.chosen()
    if request.method != "POST":
        return _page(request, reset, way, NewPasswordForm())
    if "send" in request.POST and way is not None:
        return _send(request, reset, way)
    form = NewPasswordForm(request.POST)
    if not form.is_valid():
        return _page(request, reset, way, form, status=422)
    return _set(request, reset, way, form)


def _set(
    request: PageRequest, reset: Reset, way: Factor | None, form: NewPasswordForm
) -> HttpResponse:
    typed = form.cleaned_data
    proof = reset.proof(way, typed["code"]) if way is not None else None
    try:
        verdict = accounts.entrance.finish_reset(
            reset.view,
            typed["password"],
            proof,
            tokens=accounts.presence.device_tokens(request),
            origin=request.visit.origin,
            at=request.visit.at,
        )
    except ValidationError as error:
        form.add_error("password", error)
        return _page(request, reset, way, form, status=422)
    except accounts.entrance.PasswordsUsedUp as refusal:
        form.add_error("password", refusals.sentence(refusal))
        return _page(request, reset, way, form, status=429)
    if verdict is ResetVerdict.DONE:
        request.session.flush()
        messages.success(request, _("Your new password is set. Log in with it."))
        return redirect("account_login")
    if verdict is ResetVerdict.OVER:
        return _over(request)
    form.add_error(None if way is Factor.PASSKEY else "code", _factor_problem(verdict))
    return _page(request, reset, way, form, status=422)


def _send(request: PageRequest, reset: Reset, way: Factor) -> HttpResponse:
    try:
        is_sent = reset.send_code(way)
    except accounts.entrance.MessagesUsedUp as refusal:
        form = NewPasswordForm({})
        form.errors.clear()
        form.add_error(None, refusals.sentence(refusal))
        return _page(request, reset, way, form, status=429)
    return redirect(reset.address_of(way)) if is_sent else _over(request)


def _factor_problem(verdict: ResetVerdict) -> str:
    if verdict is ResetVerdict.FACTOR_MISSING:
        return _("Your second factor is needed too. Nothing was changed yet.")
    return _("That did not confirm that it is you, so nothing was changed. Please try again.")


def _granted(request: PageRequest, grant_id: UUID) -> HttpResponse:
    # Another session from here on: who knew the old one's key sets no password.
    request.session.cycle_key()
    request.session.pop(_CODE_KEY, None)
    request.session[_GRANT_KEY] = str(grant_id)
    return redirect("account_reset_new")


def _over(request: PageRequest) -> HttpResponse:
    return render(request, "web/entrance/reset_over.html", status=410)


def _page(
    request: PageRequest,
    reset: Reset,
    way: Factor | None,
    form: NewPasswordForm,
    *,
    status: int = 200,
) -> HttpResponse:
    page = factor_pages.page_of(request, reset, way) if way is not None else None
    shown: dict[str, Any] = {"form": form, "page": page}
    return render(request, "web/entrance/reset_new.html", shown, status=status)
