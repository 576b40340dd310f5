"""Looking after second factors: each change leads to the page that confirms it."""

import json
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mooring.accounts import api as accounts
from mooring.web import step_up
from mooring.web.access import members_only
from mooring.web.forms.factor import CodeForm, PasskeyNameForm, read_answer
from mooring.web.pages import enrolment
from mooring.web.pages import factors as pages
from mooring.web.visit import PageRequest

_BACK: Final = "security_factors"


@members_only
@require_safe
def factors(request: PageRequest) -> HttpResponse:
    """Show what the person has, and what each is good for."""
    shown = {"page": pages.page_of(request), "ranks": pages.rank_words()}
    return render(request, "web/security/factors.html", shown)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: PageRequest) -> HttpResponse:
    """Show a new secret; with a code of it, ask for the confirmation."""
    if pages.page_of(request).app is not None:
        return redirect(_BACK)
    if request.method != "POST":
        return _app_page(request, enrolment.begin_app(request), CodeForm())
    begun = enrolment.find_app(request)
    if begun is None:
        return redirect("factor_add_app")
    form = CodeForm(request.POST)
    if form.is_valid():
        if enrolment.confirm_app(request, begun, form.cleaned_data["code"]):
            facts = {"secret": begun.sealed}
            return step_up.ask(request, "factor.add_totp", facts, back=reverse(_BACK))
        form.add_error("code", _("This is not the code that the app shows now. Try the next one."))
    return _app_page(request, begun, form, status=422)


def _app_page(
    request: PageRequest, begun: accounts.proofs.TotpEnrolment, form: CodeForm, *, status: int = 200
) -> HttpResponse:
    shown = {"form": form, "key": begun.key, "picture": enrolment.picture_of(begun)}
    return render(request, "web/security/factor_app.html", shown, status=status)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: PageRequest) -> HttpResponse:
    """Ask the browser for a passkey; with its answer, ask for the confirmation."""
    if request.method != "POST":
        form = PasskeyNameForm(initial={"name": request.visit.origin.device_name})
        return _passkey_page(request, form)
    form = PasskeyNameForm(request.POST)
    answer = read_answer(request.POST.get("passkey", ""))
    made = enrolment.check_passkey(request, answer)
    if form.is_valid():
        if made is not None:
            facts = {
                "name": form.cleaned_data["name"],
                "fingerprint": made.fingerprint,
                "credential": json.dumps(answer),
            }
            return step_up.ask(request, "factor.add_passkey", facts, back=reverse(_BACK))
        form.add_error(None, _("The passkey did not answer in time. Nothing was added; try again."))
    return _passkey_page(request, form, status=422)


def _passkey_page(
    request: PageRequest, form: PasskeyNameForm, *, status: int = 200
) -> HttpResponse:
    shown = {"form": form, "challenge": enrolment.begin_passkey(request)}
    return render(request, "web/security/factor_passkey.html", shown, status=status)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: PageRequest, factor_id: int) -> HttpResponse:
    """Ask for another name of a passkey."""
    kept = pages.find(request, factor_id)
    if not kept.is_passkey:
        raise accounts.proofs.FactorNotFound
    is_post = request.method == "POST"
    form = PasskeyNameForm(request.POST if is_post else None, initial={"name": kept.name})
    if form.is_valid():
        facts = {"id": str(kept.id), "from": kept.name, "name": form.cleaned_data["name"]}
        return step_up.ask(request, "factor.rename_passkey", facts, back=reverse(_BACK))
    shown = {"form": form, "kept": kept}
    return render(request, "web/security/factor_rename.html", shown, status=422 if is_post else 200)


@members_only
@require_POST
def remove(request: PageRequest, factor_id: int) -> HttpResponse:
    """Ask for the confirmation that an app or a passkey goes."""
    kept = pages.find(request, factor_id)
    facts = {
        "id": str(kept.id),
        "factor": "passkey" if kept.is_passkey else "totp",
        "name": kept.name,
        "is_last": "yes" if kept.is_last else "no",
    }
    return step_up.ask(request, "factor.remove", facts, back=reverse(_BACK))


@members_only
@require_POST
def switch_codes(request: PageRequest) -> HttpResponse:
    """Ask for the confirmation that codes by mail or SMS are used, or no longer."""
    channels = {each.channel: each for each in pages.page_of(request).channels}
    found = channels.get(request.POST.get("channel", ""))
    if found is None or not found.to:
        return redirect(_BACK)
    facts = {"channel": found.channel, "to": "off" if found.is_on else "on"}
    return step_up.ask(request, "factor.switch_code", facts, back=reverse(_BACK))


@members_only
@require_POST
def make_recovery_codes(request: PageRequest) -> HttpResponse:
    """Ask for the confirmation that new recovery codes are made."""
    if not pages.page_of(request).has_strong:
        return redirect(_BACK)
    return step_up.ask(request, "factor.make_recovery_codes", {}, back=reverse(_BACK))
