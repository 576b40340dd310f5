"""
Confirming a sensitive action: what will happen is shown, and carried out in the same request
that proves who is there.
"""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mooring.accounts import api as accounts
from mooring.accounts.api.proofs import Factor, ProofVerdict
from mooring.kernel.errors import Refusal
from mooring.web import refusals, step_up
from mooring.web.access import members_only
from mooring.web.forms.step_up import StepUpForm
from mooring.web.pages import step_up as pages
from mooring.web.visit import PageRequest

#: Longer than any passkey's answer.
_ANSWER_LENGTH = 20_000


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    """Show what will happen; with the right proofs, do it."""
    found = pages.find(request, step_up_id)
    if found.is_over:
        return _over(request, found)
    if request.method != "POST":
        return _page(request, found, StepUpForm(), request.GET.get("way", ""))
    form = StepUpForm(request.POST)
    way = pages.chosen(found, request.POST.get("way", ""))
    if not form.is_valid():
        return _page(request, found, form, way.value, status=422)
    if "send" in request.POST:
        return _send(request, found, form, way)
    verdict = _prove(request, found, form, _proof(request, found, way, form.cleaned_data["code"]))
    if verdict is ProofVerdict.PROVEN:
        return _carry_out(request, found)
    return _refused(request, found, form, way, verdict)


def _send(
    request: PageRequest, found: accounts.proofs.StepUpView, form: StepUpForm, way: Factor
) -> HttpResponse:
    """Send a code; a password that was typed beside the button is not lost."""
    if form.cleaned_data["password"]:
        verdict = _prove(request, found, form, None)
        if verdict is not ProofVerdict.FACTOR_MISSING:
            return _refused(request, found, form, way, verdict)
    if not step_up.send_code(request, found.id, way):
        form.add_error(
            None, _("No code was sent: several were sent already. Please wait a little.")
        )
        return _page(request, found, form, way.value, status=429)
    return redirect(f"{reverse('step_up', args=[found.id])}?way={way.value}")


def _prove(
    request: PageRequest,
    found: accounts.proofs.StepUpView,
    form: StepUpForm,
    proof: accounts.proofs.FactorProof | None,
) -> ProofVerdict:
    return accounts.proofs.prove_step_up(
        found.id,
        user_id=request.visit.user_id,
        password=form.cleaned_data["password"],
        proof=proof,
        origin=request.visit.origin,
        at=request.visit.at,
    )


def _proof(
    request: PageRequest, found: accounts.proofs.StepUpView, way: Factor, code: str
) -> accounts.proofs.FactorProof | None:
    if way is Factor.PASSKEY:
        state, response = step_up.pop(request, found.id, "passkey"), _answer(request)
        if state is None or response is None:
            return None
        return accounts.proofs.PasskeyProof(state=state, response=response)
    if not code:
        return None
    if way is Factor.TOTP:
        return accounts.proofs.TotpProof(code=code)
    if way is Factor.RECOVERY_CODE:
        return accounts.proofs.RecoveryCodeProof(code=code)
    return accounts.proofs.CodeProof(code_id=found.code.id, code=code) if found.code else None


def _answer(request: PageRequest) -> dict[str, Any] | None:
    try:
        answer = json.loads(request.POST.get("passkey", "")[:_ANSWER_LENGTH])
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _carry_out(request: PageRequest, found: accounts.proofs.StepUpView) -> HttpResponse:
    session_id = request.visit.origin.session_id
    try:
        if session_id is not None:
            accounts.presence.rotate_session(request.session, session_id=session_id)
        return step_up.registered()[found.action].execute(request, found.id)
    except Refusal as refusal:
        if refusal.code in refusals.NOT_FOUND:
            raise
        return _over(request, found, refusals.sentence(refusal))


def _refused(
    request: PageRequest,
    found: accounts.proofs.StepUpView,
    form: StepUpForm,
    way: Factor,
    verdict: ProofVerdict,
) -> HttpResponse:
    if verdict is ProofVerdict.OVER:
        return _over(request, found)
    field, sentence = _problem(verdict, way, found)
    form.add_error(None if field == "code" and way is Factor.PASSKEY else field, sentence)
    return _page(request, pages.find(request, found.id), form, way.value, status=422)


def _problem(
    verdict: ProofVerdict, way: Factor, found: accounts.proofs.StepUpView
) -> tuple[str, str]:
    if verdict is ProofVerdict.PASSWORD_MISSING:
        return "password", _("Write your password.")
    if verdict is ProofVerdict.PASSWORD_WRONG:
        return "password", _(
            "The password is not right, or was tried too often in the last hour. "
            "Nothing was changed."
        )
    if way is Factor.PASSKEY:
        return "code", _("The passkey did not confirm this. Nothing was changed; try again.")
    if verdict is ProofVerdict.FACTOR_WRONG:
        return "code", _(
            "The code is not right, was used already, is too old, or was tried too often in the "
            "last hour. Nothing was changed."
        )
    if way in accounts.proofs.CHANNELS and found.code is None:
        return "code", _("Ask for a code first, then write it here.")
    return "code", _("Write the code.")


def _page(
    request: PageRequest,
    found: accounts.proofs.StepUpView,
    form: StepUpForm,
    way: str,
    *,
    status: int = 200,
) -> HttpResponse:
    shown = {"page": pages.page_of(request, found, way), "form": form}
    return render(request, "web/security/confirm.html", shown, status=status)


def _over(
    request: PageRequest, found: accounts.proofs.StepUpView, problem: str = ""
) -> HttpResponse:
    shown = {
        "name": step_up.registered()[found.action].name,
        "problem": problem,
        "back": pages.back_of(request, found.id),
    }
    return render(request, "web/security/confirm_over.html", shown, status=409)
