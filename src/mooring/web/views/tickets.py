"""Questions to the operator: ask, read, answer. Source: requirement EARN-9."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mooring.earn import api as earn
from mooring.kernel.errors import Refusal
from mooring.notices import api as notices
from mooring.web import refusals
from mooring.web.access import members_only, staff_only
from mooring.web.forms.tickets import read_redemption, read_text
from mooring.web.pages import tickets as pages
from mooring.web.visit import PageRequest


@members_only
@require_safe
def listing(request: PageRequest) -> HttpResponse:
    """List a member's questions, newest first."""
    found = notices.list_tickets(account_id=request.visit.account_id)
    return render(request, "web/tickets/listing.html", {"rows": pages.rows_of(found)})


@members_only
@require_safe
def ticket(request: PageRequest, ticket_id: int) -> HttpResponse:
    """Show one question and its answer."""
    found = notices.get_ticket(account_id=request.visit.account_id, ticket_id=ticket_id)
    return render(request, "web/tickets/ticket.html", {"row": pages.row_of(found)})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PageRequest) -> HttpResponse:
    """Show the form of a question, filled in with the redemption it is about, and take it."""
    sent = request.POST if request.method == "POST" else request.GET
    about = pages.about(request.visit, read_redemption(sent))
    shown = {"about": about, "typed": read_text(sent), "longest": notices.TEXT_MAX}
    if request.method != "POST":
        return render(request, "web/tickets/new.html", shown)
    try:
        opened = notices.open_ticket(
            account_id=request.visit.account_id,
            question=pages.question_of(about, read_text(sent)),
            at=request.visit.at,
        )
    except Refusal as refusal:
        if refusal.code in refusals.NOT_FOUND:
            raise
        shown["problem"] = refusals.sentence(refusal)
        return render(request, "web/tickets/new.html", shown, status=422)
    messages.success(request, _("Sent. We answer here, and tell you when we have."))
    return redirect("ticket", ticket_id=opened)


@staff_only
@require_safe
def desk(request: PageRequest) -> HttpResponse:
    """List what waits for an answer, and what is late."""
    return _desk(request)


@staff_only
@require_POST
def answer(request: PageRequest, ticket_id: int) -> HttpResponse:
    """Answer a question."""
    text = read_text(request.POST)
    try:
        notices.answer_ticket(
            ticket_id=ticket_id, text=text, staff_id=request.user.pk or 0, at=request.visit.at
        )
    except notices.TicketTextMissing as refusal:
        problem = refusals.sentence(refusal)
        return _desk(request, wrong_id=ticket_id, problem=problem, typed=text, status=422)
    messages.success(request, _("Answered. The customer has been told."))
    return redirect("staff_tickets")


def _desk(
    request: PageRequest,
    *,
    wrong_id: int = 0,
    problem: str = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = {
        "rows": pages.rows_of(notices.list_open_tickets()),
        "late": earn.late_redemptions(),
        "longest": notices.TEXT_MAX,
        "wrong_id": wrong_id,
        "problem": problem,
        "typed": typed,
    }
    return render(request, "web/staff/tickets.html", shown, status=status)
