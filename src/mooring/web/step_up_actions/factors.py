"""Confirming what is added to second factors, renamed, removed, switched and made anew."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mooring.accounts import api as accounts
from mooring.web.pages import factor_words
from mooring.web.step_up import Line, register
from mooring.web.step_up_actions.consequences import following
from mooring.web.visit import PageRequest


def _given(request: PageRequest, step_up_id: UUID) -> dict[str, Any]:
    return {
        "account_id": request.visit.account_id,
        "step_up_id": step_up_id,
        "origin": request.visit.origin,
        "at": request.visit.at,
    }


def _done(request: PageRequest, sentence: str, codes: tuple[str, ...] = ()) -> HttpResponse:
    """
    Say what was done; recovery codes are shown in this answer and nowhere else.

    A page of its own, not a redirect: nothing has to keep the codes until it is asked for.
    """
    if not codes:
        messages.success(request, sentence)
        return redirect("security_factors")
    text = "\n".join(codes)
    shown = {
        "sentence": sentence,
        "codes": codes,
        "text": text,
        "file": f"data:text/plain;charset=utf-8,{quote(text)}",
    }
    return render(request, "web/security/recovery_codes.html", shown)


def _describe_app(_facts: Mapping[str, str]) -> Sequence[Line]:
    return [
        (_("Authenticator app"), _("the one that you have just confirmed with a code")),
        *following(accounts.protection.HoldCause.FACTOR_ADDED),
    ]


def _add_app(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    codes = accounts.proofs.add_totp(**_given(request, step_up_id))
    return _done(request, _("Your authenticator app was added."), codes)


def _describe_passkey(facts: Mapping[str, str]) -> Sequence[Line]:
    return [
        (_("New passkey"), facts["name"]),
        (_("Its fingerprint"), facts["fingerprint"]),
        *following(accounts.protection.HoldCause.FACTOR_ADDED),
    ]


def _add_passkey(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    codes = accounts.proofs.add_passkey(**_given(request, step_up_id))
    return _done(request, _("Your passkey was added."), codes)


def _describe_name(facts: Mapping[str, str]) -> Sequence[Line]:
    return [(_("Passkey"), facts["from"]), (_("New name"), facts["name"])]


def _rename(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    given = _given(request, step_up_id)
    del given["at"]
    accounts.proofs.rename_passkey(**given)
    return _done(request, _("Your passkey has its new name."))


def _describe_removal(facts: Mapping[str, str]) -> Sequence[Line]:
    lines = [
        (_("To be removed"), facts["name"]),
    ]
    if facts["is_last"] == "yes":
        means = _(
            "It is your last strong factor. Your recovery codes go with it, and whoever has your "
            "password and your mailbox can log in."
        )
        lines.append((_("What it means"), means))
    return [*lines, *following(accounts.protection.HoldCause.FACTOR_REMOVED)]


def _remove(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    accounts.proofs.remove_factor(**_given(request, step_up_id))
    return _done(request, _("It was removed. Log-ins on other devices have ended."))


def _describe_codes(_facts: Mapping[str, str]) -> Sequence[Line]:
    return [
        (_("Ten new recovery codes"), _("shown once, on the next page")),
        (_("Codes from before"), _("are no longer good")),
        *following(accounts.protection.HoldCause.FACTOR_ADDED),
    ]


def _make_codes(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    codes = accounts.proofs.make_recovery_codes(**_given(request, step_up_id))
    return _done(request, _("Your new recovery codes were made."), codes)


def _describe_switch(facts: Mapping[str, str]) -> Sequence[Line]:
    is_on = facts["to"] == "on"
    factor = (
        accounts.proofs.Factor.EMAIL if facts["channel"] == "EMAIL" else accounts.proofs.Factor.SMS
    )
    cause = (
        accounts.protection.HoldCause.FACTOR_ADDED
        if is_on
        else accounts.protection.HoldCause.FACTOR_REMOVED
    )
    lines = [(factor_words.name_of(factor), _("switched on") if is_on else _("switched off"))]
    return [*lines, *following(cause)]


def _switch(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    accounts.proofs.switch_code_factor(**_given(request, step_up_id))
    return _done(request, _("It is as you wished."))


register(
    "factor.add_totp",
    name=gettext_lazy("Add an authenticator app"),
    describe=_describe_app,
    execute=_add_app,
)
register(
    "factor.add_passkey",
    name=gettext_lazy("Add a passkey"),
    describe=_describe_passkey,
    execute=_add_passkey,
)
register(
    "factor.rename_passkey",
    name=gettext_lazy("Rename a passkey"),
    describe=_describe_name,
    execute=_rename,
)
register(
    "factor.remove",
    name=gettext_lazy("Remove a second factor"),
    describe=_describe_removal,
    execute=_remove,
)
register(
    "factor.make_recovery_codes",
    name=gettext_lazy("Make new recovery codes"),
    describe=_describe_codes,
    execute=_make_codes,
)
register(
    "factor.switch_code",
    name=gettext_lazy("Switch codes on or off"),
    describe=_describe_switch,
    execute=_switch,
)
