"""The page between password and log-in: the second factor."""

from typing import cast

from allauth.account.internal.decorators import login_stage_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mooring.accounts import api as accounts
from mooring.accounts.api.proofs import Factor
from mooring.web.forms.factor import CodeForm
from mooring.web.pages import factor as pages


@login_stage_required(stage=accounts.proofs.FACTOR_STAGE, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Ask for a second factor, the best one first; with a right one, go on."""
    stage: accounts.proofs.FactorStage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 - allauth's
    if request.method != "POST":
        return _ask(request, stage)
    way = pages.chosen(stage, request.POST.get("way", ""))
    if "send" in request.POST:
        return _send(request, stage, way)
    form = CodeForm(request.POST)
    if way is not Factor.PASSKEY and not form.is_valid():
        return _page(request, stage, way, form, status=422)
    proof = pages.proof_of(request, stage, way, form.data.get("code", ""))
    verdict = stage.check(proof) if proof is not None else None
    if verdict is not None and verdict.is_right:
        return cast("HttpResponse", stage.exit())
    field = None if way is Factor.PASSKEY else "code"
    if way is Factor.PASSKEY:
        form.errors.clear()
    form.add_error(field, pages.problem_of(stage, way, verdict))
    return _page(request, stage, way, form, status=422)


def _ask(request: HttpRequest, stage: accounts.proofs.FactorStage) -> HttpResponse:
    """Show the page; the first code of a log-in need not be asked for."""
    way = pages.chosen(stage, request.GET.get("way", ""))
    if request.method == "GET" and way in accounts.proofs.CHANNELS and stage.code(way) is None:
        stage.send_code(way)
    return _page(request, stage, way, CodeForm())


def _send(request: HttpRequest, stage: accounts.proofs.FactorStage, way: Factor) -> HttpResponse:
    if stage.send_code(way):
        return redirect(f"{reverse('account_factor')}?way={way.value}")
    form = CodeForm({})
    form.errors.clear()
    form.add_error(None, _("No code was sent: several were sent already. Please wait a little."))
    return _page(request, stage, way, form, status=429)


def _page(
    request: HttpRequest,
    stage: accounts.proofs.FactorStage,
    way: Factor,
    form: CodeForm,
    *,
    status: int = 200,
) -> HttpResponse:
    shown = {"page": pages.page_of(request, stage, way), "form": form}
    return render(request, "web/entrance/factor.html", shown, status=status)
