"""
Opening an account: address and password, then the code that was sent.

An address that has a log-in already is answered like any other; its owner reads of it in a mail.
"""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mooring.accounts import api as accounts
from mooring.accounts.api.proofs import CodeVerdict
from mooring.web import refusals, terms
from mooring.web.forms.entrance import CodeForm, SignUpForm
from mooring.web.visit import PageRequest

#: Where the browser's session keeps which code its sign-up waits for.
_KEY: Final = "sign_up"
_OVER: Final = frozenset({CodeVerdict.SPENT_OR_EXPIRED, CodeVerdict.NO_TRIES_LEFT})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: PageRequest) -> HttpResponse:
    """Ask for address, password and the terms; send a code."""
    if request.user.is_authenticated:
        return redirect("home")
    form = SignUpForm(request.POST if request.method == "POST" else None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            code_id = accounts.entrance.begin_sign_up(
                identifier=form.cleaned_data["identifier"],
                password=form.cleaned_data["password"],
                terms_version=terms.VERSION,
                origin=request.visit.origin,
                at=request.visit.at,
            )
        except accounts.entrance.MessagesUsedUp as refusal:
            form.add_error("identifier", refusals.sentence(refusal))
            status = 429
        except accounts.entrance.EntranceBusy as refusal:
            form.add_error(None, refusals.sentence(refusal))
            status = 503
        else:
            request.session[_KEY] = str(code_id)
            return redirect("account_signup_code")
    return render(request, "web/entrance/sign_up.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: PageRequest) -> HttpResponse:
    """Ask for the code; with the right one, open the account and log in."""
    waiting = _waiting(request)
    if waiting is None:
        return redirect("account_signup")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _code_page(request, waiting, form, status=422 if form.is_bound else 200)
    found = accounts.entrance.finish_sign_up(
        waiting.id, form.cleaned_data["code"], origin=request.visit.origin, at=request.visit.at
    )
    if found.user_id is not None:
        del request.session[_KEY]
        messages.success(request, _("Your account is open."))
        return accounts.entrance.go_on(request, user_id=found.user_id, is_new=True)
    form.add_error("code", problem_of(found.verdict))
    return _code_page(request, waiting, form, status=422)


@require_POST
def resend(request: PageRequest) -> HttpResponse:
    """Send another code; the one before is over."""
    waiting = _waiting(request)
    if waiting is None:
        return redirect("account_signup")
    try:
        code_id = accounts.entrance.resend_sign_up(
            waiting.id, origin=request.visit.origin, at=request.visit.at
        )
    except accounts.entrance.MessagesUsedUp as refusal:
        form = CodeForm({})
        form.errors.clear()
        form.add_error(None, refusals.sentence(refusal))
        return _code_page(request, waiting, form, status=429)
    if code_id is None:
        return redirect("account_signup")
    request.session[_KEY] = str(code_id)
    messages.info(request, _("A new code is on its way. The one before is over."))
    return redirect("account_signup_code")


def problem_of(verdict: CodeVerdict) -> str:
    """Return in words why a code opened nothing."""
    if verdict in _OVER:
        return _("This code is over: too old, used, or tried five times. Ask for a new one below.")
    return _("The code is not right. Look at the latest message.")


def _waiting(request: PageRequest) -> accounts.proofs.CodeView | None:
    kept = request.session.get(_KEY)
    return accounts.entrance.find_sign_up(UUID(kept)) if kept else None


def _code_page(
    request: PageRequest, waiting: accounts.proofs.CodeView, form: CodeForm, *, status: int
) -> HttpResponse:
    shown = {"form": form, "to": waiting.sent_to}
    return render(request, "web/entrance/sign_up_code.html", shown, status=status)
