"""The desk of those who review: cases, what was sent, decisions, the compliance flag."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mooring.accounts import api as accounts
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.access import staff_only
from mooring.web.pages import staff as pages
from mooring.web.visit import PageRequest

_SUFFIXES: Final = {"image/jpeg": "jpg", "image/png": "png"}


@staff_only
@require_safe
def queue(request: PageRequest) -> HttpResponse:
    """Show which cases wait, and which were decided last; nothing of what is in them."""
    waiting, decided = pages.queue()
    return render(request, "web/staff/queue.html", {"waiting": waiting, "decided": decided})


@staff_only
@require_safe
def case(request: PageRequest, case_id: int) -> HttpResponse:
    """Show a case with everything that was sent."""
    return _case(request, case_id)


@staff_only
@require_POST
def decide(request: PageRequest, case_id: int) -> HttpResponse:
    """Approve or reject a case."""
    is_approved = request.POST.get("decision") == "approve"
    decision = accounts.verification.Decision(
        is_approved=is_approved, reason=request.POST.get("reason", "")
    )
    try:
        accounts.verification.decide_verification(
            case_id, decision, reviewer_id=_reviewer(request), at=request.visit.at
        )
    except accounts.verification.VerificationReasonWrong as refusal:
        problem = refusals.sentence(refusal)
        return _case(request, case_id, problem=problem, typed=decision.reason, status=422)
    except Refusal as refusal:
        return _refused(request, refusal, case_id)
    messages.success(request, pages.decided_sentence(is_approved=is_approved))
    return redirect("staff_verification")


@staff_only
@require_POST
def flag(request: PageRequest, account_id: int) -> HttpResponse:
    """Put an account under review by compliance, or end that."""
    is_flagged = request.POST.get("flag") == "on"
    try:
        accounts.verification.set_compliance_flag(
            account_id=account_id,
            is_flagged=is_flagged,
            reviewer_id=_reviewer(request),
            at=request.visit.at,
        )
    except accounts.AccountNotOpen as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.warning(request, refusals.sentence(refusal))
    else:
        messages.success(request, pages.flagged_sentence(account_id, is_flagged=is_flagged))
    return redirect("staff_verification")


@staff_only
@require_safe
def document(request: PageRequest, document_id: int) -> HttpResponse:
    """Show one picture, to be looked at and not kept."""
    try:
        shown = accounts.verification.look_at_document(
            document_id, reviewer_id=_reviewer(request), at=request.visit.at
        )
    except Refusal as refusal:
        return _declined(request, refusal)
    name = f"{shown.kind.lower()}-{shown.id}.{_SUFFIXES[shown.media_type]}"
    return HttpResponse(
        shown.content,
        content_type=shown.media_type,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'inline; filename="{name}"',
            # Were it ever taken for a page, it could do nothing.
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _reviewer(request: PageRequest) -> int:
    """Return the log-in of who is here; `staff_only` has seen to it that somebody is."""
    return int(request.user.pk or 0)


def _case(
    request: PageRequest, case_id: int, *, problem: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    try:
        found = accounts.verification.look_at_case(
            case_id, reviewer_id=_reviewer(request), at=request.visit.at
        )
    except Refusal as refusal:
        return _declined(request, refusal)
    shown = {"page": pages.case_page(found), "problem": problem, "typed": typed}
    return render(request, "web/staff/case.html", shown, status=status)


def _refused(request: PageRequest, refusal: Refusal, case_id: int) -> HttpResponse:
    """Say why nothing was done, on the page of the case."""
    if refusal.code in refusals.NOT_FOUND:
        raise refusal
    messages.warning(request, refusals.sentence(refusal))
    return redirect("staff_case", case_id=case_id)


def _declined(request: PageRequest, refusal: Refusal) -> HttpResponse:
    """Say why nothing is shown."""
    if refusal.code in refusals.NOT_FOUND:
        raise refusal
    status = 429 if isinstance(refusal, accounts.verification.DocumentViewsUsedUp) else 403
    shown = {"status": status, "problem": refusals.sentence(refusal)}
    return render(request, "web/staff/declined.html", shown, status=status)
