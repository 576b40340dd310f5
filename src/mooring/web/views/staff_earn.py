"""The operator's desk of Earn: what is offered, what is due, and changes by two persons."""

import re
from datetime import UTC, datetime
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mooring.earn import api as earn
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.access import staff_only
from mooring.web.forms import proposal as forms
from mooring.web.pages import staff_earn as pages
from mooring.web.pages import staff_product as product_pages
from mooring.web.visit import PageRequest

_NUMBER: Final = re.compile(r"[0-9]{1,18}")


@staff_only
@require_safe
def desk(request: PageRequest) -> HttpResponse:
    """Show products, what is due soon, and the proposals that wait."""
    return render(request, "web/staff/earn.html", {"page": pages.desk_page(request.visit)})


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: PageRequest) -> HttpResponse:
    """Show the form of a change with what holds now, and write the change down."""
    sent = request.POST if request.method == "POST" else request.GET
    kind = sent.get("change", "TERMS")
    if kind not in forms.KINDS:
        return redirect("staff_earn")
    if request.method == "POST":
        return _propose(request, kind)
    form = forms.ProposalForm(kind, initial=_initial(request, kind))
    return _form(request, form)


def _initial(request: PageRequest, kind: str) -> dict[str, str]:
    subject = request.GET.get("subject", "").replace("\0", "")[:32]
    values = pages.values_at(kind, subject, at=request.visit.at) if subject else {}
    return {**values, "subject": subject}


def _propose(request: PageRequest, kind: str) -> HttpResponse:
    form = forms.ProposalForm(kind, request.POST)
    form.is_valid()
    try:
        earn.propose(
            forms.read_change(kind, request.POST),
            author=pages.author_of(request.visit.user_id),
            at=request.visit.at,
        )
    except earn.ProposalMalformed as refusal:
        form.point_at(refusal)
        return _form(request, form, status=422)
    except Refusal as refusal:
        form.add_error(None, refusals.sentence(refusal))
        return _form(request, form, status=422)
    messages.success(request, _("Proposed. Somebody else has to approve it before its time."))
    return redirect("staff_earn")


def _form(request: PageRequest, form: forms.ProposalForm, *, status: int = 200) -> HttpResponse:
    shown = {"form": form, "title": forms.KINDS[form.change]}
    return render(request, "web/staff/propose.html", shown, status=status)


@staff_only
@require_POST
def decide(request: PageRequest) -> HttpResponse:
    """Approve a proposal, or reject it with a reason."""
    number = request.POST.get("proposal", "")
    is_approved = request.POST.get("decision") == "approve"
    try:
        earn.decide_proposal(
            int(number) if _NUMBER.fullmatch(number) else 0,
            is_approved=is_approved,
            author=pages.author_of(request.visit.user_id),
            reason=request.POST.get("reason", ""),
            at=request.visit.at,
        )
    except Refusal as refusal:
        messages.warning(request, refusals.sentence(refusal))
    else:
        done = _("Approved: it takes effect at its time.") if is_approved else _("Rejected.")
        messages.success(request, done)
    return redirect("staff_earn")


@staff_only
@require_safe
def product(request: PageRequest, code: str) -> HttpResponse:
    """Show a product: what held, holds and comes, what waits, and who decided what."""
    page = product_pages.staff_product_page(request.visit, code)
    return render(request, "web/staff/product.html", {"page": page})


@staff_only
@require_POST
def pause(request: PageRequest) -> HttpResponse:
    """Stop subscriptions or redemptions of a product, an asset or all of Earn for a time."""
    starts_at = _read_time(request, "starts") if request.POST.get("starts") else request.visit.at
    until = _read_time(request, "until")
    if starts_at is None or until is None:
        messages.warning(request, _("From when until when? Write dates and times in UTC."))
        return _back(request)
    kind, _sep, name = request.POST.get("concerns", "").partition(":")
    maintenance = earn.Maintenance(
        starts_at=max(starts_at, request.visit.at),
        expected_end=until,
        stops_subscriptions=request.POST.get("subscriptions") == "on",
        stops_redemptions=request.POST.get("redemptions") == "on",
        reason=request.POST.get("reason", "").strip(),
        author=pages.author_of(request.visit.user_id),
        product_code=name if kind == "product" else None,
        asset=name if kind == "asset" else None,
    )
    if kind and not (maintenance.product_code or maintenance.asset):
        messages.warning(request, _("Choose what is to pause."))
        return _back(request)
    try:
        earn.announce_window(maintenance, at=request.visit.at)
    except Refusal as refusal:
        messages.warning(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("Announced. Customers see it with the reason and the end."))
    return _back(request)


@staff_only
@require_POST
def end_window(request: PageRequest) -> HttpResponse:
    """End a pause now; one that is planned never begins."""
    number = request.POST.get("window", "")
    try:
        earn.end_window(
            window_id=int(number) if _NUMBER.fullmatch(number) else 0, at=request.visit.at
        )
    except Refusal as refusal:
        messages.warning(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("Ended. What waited for it goes on its way."))
    return _back(request)


def _read_time(request: PageRequest, field: str) -> datetime | None:
    try:
        return datetime.fromisoformat(request.POST.get(field, "")[:16]).replace(tzinfo=UTC)
    except ValueError:
        return None


def _back(request: PageRequest) -> HttpResponse:
    """Lead back to the page of the product that the form stood on, or to the desk."""
    code = request.POST.get("back", "")
    if any(one.code == code for one in request.visit.products):
        return redirect("staff_earn_product", code=code)
    return redirect("staff_earn")
