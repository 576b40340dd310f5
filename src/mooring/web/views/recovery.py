"""
The way back in: show the mailbox, show the password, ask, wait, complete.

The first answers are the same for everybody, whether there is such an account or not.
"""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mooring.accounts import api as accounts
from mooring.kernel.errors import Refusal
from mooring.web import recovery_session, refusals
from mooring.web.access import members_only
from mooring.web.forms import recovery as forms
from mooring.web.visit import PageRequest


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: PageRequest) -> HttpResponse:
    """Ask whose account it is, and send a code there if there is one."""
    form = forms.IdentifierForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            identifier = accounts.entrance.read_identifier(form.cleaned_data["identifier"])
        except accounts.entrance.IdentifierMalformed as refusal:
            form.add_error("identifier", refusals.sentence(refusal))
        else:
            return redirect("recovery_check", code_id=_ask(request, identifier))
    status = 422 if form.is_bound else 200
    return render(request, "web/recovery/start.html", {"form": form}, status=status)


def _ask(request: PageRequest, identifier: accounts.entrance.Identifier) -> UUID:
    device_id = accounts.presence.find_device_id_of(
        accounts.presence.device_tokens(request), identifier=identifier.value
    )
    origin = replace(request.visit.origin, device_id=device_id)
    return accounts.protection.ask_for_recovery(identifier, origin=origin, at=request.visit.at)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: PageRequest, code_id: UUID) -> HttpResponse:
    """Take the code that was sent."""
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        proof = accounts.protection.give_recovery_code(
            code_id,
            form.cleaned_data["code"],
            origin=request.visit.origin,
            at=request.visit.at,
        )
        if proof is not None:
            return _proven(request, proof)
        form.add_error(
            "code",
            _(
                "The code is not right, was used already, is too old, or was tried too often in "
                "the last hour. Nothing was changed."
            ),
        )
    shown = {"form": form, "code_id": code_id}
    status = 422 if form.is_bound else 200
    return render(request, "web/recovery/check.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: PageRequest, token: str) -> HttpResponse:
    """Show where the link of the mail leads; spend it when its reader goes on."""
    if request.method != "POST":
        return render(request, "web/recovery/link.html", {"token": token})
    proof = accounts.protection.follow_recovery_link(token, origin=request.visit.origin)
    if proof is not None:
        return _proven(request, proof)
    return render(request, "web/recovery/link.html", {"is_over": True}, status=422)


def _proven(request: PageRequest, proof: accounts.protection.RecoveryProof) -> HttpResponse:
    recovery_session.keep(request, proof)
    return redirect("recovery_state")


@require_safe
def state(request: PageRequest) -> HttpResponse:
    """Show where the recovery stands, and its one next step."""
    try:
        proof = recovery_session.proof_of(request)
        found = _state_of(request, proof)
    except accounts.protection.RecoveryNotProven as refusal:
        return _begin_again(request, refusal)
    return _page(request, found)


@require_POST
def password(request: PageRequest) -> HttpResponse:
    """Take the password of an open account."""
    form = forms.PasswordForm(request.POST)
    try:
        proof = recovery_session.proof_of(request)
        found = _state_of(request, proof)
    except accounts.protection.RecoveryNotProven as refusal:
        return _begin_again(request, refusal)
    if form.is_valid():
        origin = request.visit.origin_for(proof.user_id)
        more = accounts.protection.give_recovery_password(
            proof, form.cleaned_data["password"], origin=origin, at=request.visit.at
        )
        if more is not None:
            return _proven(request, more)
        form.add_error(
            "password",
            _(
                "The password is not right, or was tried too often in the last hour. "
                "Nothing was changed."
            ),
        )
    return _page(request, found, password_form=form)


@require_POST
def ask(request: PageRequest) -> HttpResponse:
    """Begin the recovery: from now on its time runs, and its owner is told everywhere."""
    try:
        proof = recovery_session.proof_of(request)
        accounts.protection.request_recovery(
            proof, origin=request.visit.origin, at=request.visit.at
        )
    except Refusal as refusal:
        return _declined(request, refusal)
    return redirect("recovery_state")


@require_POST
def complete(request: PageRequest) -> HttpResponse:
    """Finish it: remove the lost factors, or open the disabled account with a new password."""
    try:
        proof = recovery_session.proof_of(request)
        found = _state_of(request, proof)
        if found.kind == accounts.protection.RecoveryKind.DISABLED:
            form = forms.FreshPasswordForm(request.POST)
            origin = request.visit.origin_for(proof.user_id)
            hashed = form.hashed(proof, origin=origin, at=request.visit.at)
            if hashed is None:
                return _page(request, found, fresh_form=form)
            accounts.protection.reopen_account(
                proof, hashed, origin=request.visit.origin, at=request.visit.at
            )
        else:
            accounts.protection.complete_recovery(
                proof, origin=request.visit.origin, at=request.visit.at
            )
    except Refusal as refusal:
        return _declined(request, refusal)
    recovery_session.forget(request)
    messages.success(
        request,
        _("Your account is yours again. Log in with your password, then add a second factor."),
    )
    return redirect("account_login")


def _state_of(
    request: PageRequest, proof: accounts.protection.RecoveryProof
) -> accounts.protection.RecoveryState:
    return accounts.protection.find_recovery_state(
        proof, wall=request.visit.origin.wall, at=request.visit.at
    )


def _declined(request: PageRequest, refusal: Refusal) -> HttpResponse:
    if isinstance(refusal, accounts.protection.RecoveryNotProven):
        return _begin_again(request, refusal)
    messages.error(request, refusals.sentence(refusal))
    return redirect("recovery_state")


def _begin_again(request: PageRequest, refusal: Refusal) -> HttpResponse:
    recovery_session.forget(request)
    messages.warning(request, refusals.sentence(refusal))
    return redirect("recovery")


def _page(
    request: PageRequest,
    found: accounts.protection.RecoveryState,
    *,
    password_form: forms.PasswordForm | None = None,
    fresh_form: forms.FreshPasswordForm | None = None,
) -> HttpResponse:
    shown = {
        "state": found,
        "is_disabled": found.kind == accounts.protection.RecoveryKind.DISABLED,
        "password_form": password_form or forms.PasswordForm(),
        "fresh_form": fresh_form or forms.FreshPasswordForm(),
        "hours": accounts.protection.recovery_hours(at=request.visit.at),
    }
    status = 422 if password_form or fresh_form else 200
    return render(request, "web/recovery/state.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: PageRequest, token: str) -> HttpResponse:
    """Cancel a recovery from the link that its owner was sent; nobody needs to be logged in."""
    try:
        if request.method != "POST":
            accounts.protection.find_recovery_by_token(token)
            return render(request, "web/recovery/cancel.html", {"token": token})
        accounts.protection.cancel_recovery_by_link(
            token, origin=request.visit.origin, at=request.visit.at
        )
    except accounts.protection.RecoveryNotFound:
        return render(request, "web/recovery/cancelled.html", {"is_over": True}, status=404)
    return render(request, "web/recovery/cancelled.html")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: PageRequest) -> HttpResponse:
    """Show a member the recovery that somebody asked for, and cancel it."""
    if request.method == "POST":
        try:
            accounts.protection.cancel_recovery(
                account_id=request.visit.account_id,
                origin=request.visit.origin,
                at=request.visit.at,
            )
        except accounts.protection.RecoveryNotFound as refusal:
            messages.info(request, refusals.sentence(refusal))
        else:
            messages.success(request, _("The recovery was cancelled. Nothing was changed."))
        return redirect("own_recovery")
    found = accounts.protection.find_open_recovery(account_id=request.visit.account_id)
    return render(request, "web/recovery/own.html", {"recovery": found})
