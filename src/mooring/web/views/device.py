"""The page between password and log-in in a browser that is new: its code."""

from typing import Final, cast

from allauth.account.internal.decorators import login_stage_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mooring.accounts import api as accounts
from mooring.accounts.api.proofs import CodeVerdict
from mooring.web.forms.device import DeviceForm
from mooring.web.pages.contacts import masked

_OVER: Final = frozenset({CodeVerdict.SPENT_OR_EXPIRED, CodeVerdict.NO_TRIES_LEFT})


@login_stage_required(stage=accounts.presence.DEVICE_STAGE, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_device(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent; with the right one, log in."""
    stage: accounts.presence.DeviceStage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 - allauth's
    if not stage.is_still_right():
        return stage.give_up()
    if request.method != "POST":
        return _page(request, stage, DeviceForm())
    if "send" in request.POST:
        return _send(request, stage)
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return _page(request, stage, form, status=422)
    verdict = stage.check(form.cleaned_data["code"])
    if verdict is CodeVerdict.RIGHT:
        return cast("HttpResponse", stage.exit())
    form.add_error("code", _problem(verdict))
    return _page(request, stage, form, status=422)


def _send(request: HttpRequest, stage: accounts.presence.DeviceStage) -> HttpResponse:
    if not stage.send_code():
        problem = _("No code was sent: several were sent already. Please wait a little.")
        return _page(request, stage, DeviceForm(), problem=problem, status=429)
    stage.keep()
    return redirect("account_device")


def _problem(verdict: CodeVerdict) -> str:
    if verdict in _OVER:
        return _("This code is over. Nobody was logged in; ask for a new one below.")
    return _("The code is not right. Nobody was logged in; look at the latest message.")


def _page(
    request: HttpRequest,
    stage: accounts.presence.DeviceStage,
    form: DeviceForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    code = stage.code()
    shown = {
        "form": form,
        "problem": problem,
        "to": masked(code.sent_to) if code else "",
        "is_sms": code is not None and code.channel == "SMS",
    }
    return render(request, "web/entrance/device.html", shown, status=status)
