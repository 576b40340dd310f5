"""
Changing the e-mail address or the mobile number: a code to the new one, then the confirmation.

An address that is somebody else's is answered like a free one, and its code is never right.
"""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mooring.accounts import api as accounts
from mooring.accounts.api import Channel
from mooring.web import step_up
from mooring.web.access import members_only
from mooring.web.forms.contact import ContactCodeForm, ContactForm
from mooring.web.pages import contact as pages
from mooring.web.pages import security
from mooring.web.visit import PageRequest


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PageRequest, channel: str) -> HttpResponse:
    """Ask for the new address or number, and send a code there."""
    who = security.person(request)
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        channel=Channel(channel),
        present=pages.present_of(who, Channel(channel)),
    )
    page = pages.page_of(who, Channel(channel))
    if form.is_valid():
        code_id = accounts.proofs.ask_new_contact(
            user_id=request.visit.user_id,
            channel=Channel(channel),
            to=form.cleaned_data["to"],
            origin=request.visit.origin,
            at=request.visit.at,
        )
        if code_id is not None:
            return redirect("security_contact_code", code_id=code_id)
        form.add_error("to", _("Several codes were sent there already. Please wait a little."))
    status = 422 if request.method == "POST" else 200
    shown = {"form": form, "page": page}
    return render(request, "web/security/contact.html", shown, status=status)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: PageRequest, code_id: UUID) -> HttpResponse:
    """Ask for the code; when it is right, lead to the confirmation that names the new one."""
    user_id, origin = request.visit.user_id, request.visit.origin
    sent = accounts.proofs.find_contact_code(code_id, user_id=user_id, origin=origin)
    if sent is None:
        raise Http404
    form = ContactCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if accounts.proofs.try_contact_code(
            code_id,
            form.cleaned_data["code"],
            user_id=user_id,
            origin=origin,
            at=request.visit.at,
        ):
            action = pages.ACTIONS[Channel(sent.channel)]
            return step_up.ask(request, action, {"to": sent.sent_to}, back=reverse("security"))
        form.add_error(
            "code",
            _(
                "The code is not right, was used already, is too old, or was tried too often in "
                "the last hour. Nothing was changed."
            ),
        )
    shown = {
        "form": form,
        "title": pages.title_of(Channel(sent.channel)),
        "to": sent.sent_to,
        "code_id": code_id,
        "again": pages.address_of(Channel(sent.channel)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "web/security/contact_code.html", shown, status=status)


@members_only
@require_POST
def remove(request: PageRequest) -> HttpResponse:
    """Ask to confirm that an address or number is forgotten."""
    who, channel = security.person(request), request.POST.get("channel", "")
    if channel not in Channel.values or not pages.page_of(who, Channel(channel)).may_remove:
        return redirect("security")
    facts = {"channel": channel, "to": pages.present_of(who, Channel(channel))}
    return step_up.ask(request, "contact.remove", facts, back=reverse("security"))
