"""
Redeeming in steps: amount, consequences, confirm, result.

The first three are questions (GET): reload and the back button repeat nothing. Only the
confirmation moves money, once per quote.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mooring.earn import api as earn
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.access import members_only
from mooring.web.forms.amount import read_amount
from mooring.web.pages import redeem as pages
from mooring.web.views import liquid
from mooring.web.visit import PageRequest


@members_only
@require_safe
def redeem(request: PageRequest, position_id: int) -> HttpResponse:
    """Show step 1, and with an amount step 2: what it would cost, and what waiting brings."""
    found = earn.get_position(
        account_id=request.visit.account_id, position_id=position_id, at=request.visit.at
    )
    if found.kind == "LIQUID":
        return liquid.unstake(request, found)
    page = pages.amount_page(request.visit, found)
    shown = {"page": page, "typed": request.GET.get("amount", ""), "step": 1}
    try:
        wish = read_amount(request.GET, asset=page.row.asset, decimals_max=18)
        if not wish.is_asked:
            return render(request, "web/redeem/amount.html", shown)
        amount = None if page.is_whole_only else wish.amount
        quoted = pages.quote_page(
            request.visit,
            position_id,
            amount=amount,
            destination=wish.destination,
            speed=request.GET.get("speed", ""),
        )
    except Refusal as refusal:
        shown["problem"] = _declined(refusal)
        return render(request, "web/redeem/amount.html", shown, status=422)
    return render(request, "web/redeem/consequences.html", {"page": quoted, "step": 2})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PageRequest, position_id: int) -> HttpResponse:
    """Show step 3, and with the terms ticked redeem what the quote said."""
    if "unstaking" in request.POST:
        return liquid.confirm(request, position_id)
    sent = request.POST if request.method == "POST" else request.GET
    try:
        quote = earn.open_quote(sent.get("quote", ""), account_id=request.visit.account_id)
    except earn.QuoteUnreadable:
        return redirect("redeem", position_id=position_id)
    if quote.position_id != position_id:
        return redirect("redeem", position_id=position_id)
    if request.method == "POST":
        return _redeem(request, quote)
    if request.visit.at >= quote.valid_until:
        return _new_figures(request, quote, earn.QuoteExpired())
    page = pages.page_of(request.visit, quote)
    return render(request, "web/redeem/confirm.html", {"page": page, "step": 3})


def _redeem(request: PageRequest, quote: earn.Quote) -> HttpResponse:
    if not request.POST.get("terms"):
        problem = _("Please read and accept the terms. Nothing was redeemed.")
        shown = {"page": pages.page_of(request.visit, quote), "problem": problem, "step": 3}
        return render(request, "web/redeem/confirm.html", shown, status=422)
    try:
        done = earn.redeem_one(earn.Redemption.of(quote), at=request.visit.at)
    except Refusal as refusal:
        return _new_figures(request, quote, refusal)
    return redirect(f"{reverse('redemption', args=[done.redemption_id])}?done=1")


def _new_figures(request: PageRequest, quote: earn.Quote, refusal: Refusal) -> HttpResponse:
    """Show step 2 anew: what was wanted, with the figures of now, and why."""
    amount = None if quote.whole else quote.amount
    problem = refusals.sentence(refusal)
    try:
        page = pages.quote_page(
            request.visit,
            quote.position_id,
            amount=amount,
            destination=quote.destination,
            speed=quote.speed,
        )
    except Refusal as again:
        found = earn.get_position(
            account_id=quote.account_id, position_id=quote.position_id, at=request.visit.at
        )
        first = pages.amount_page(request.visit, found)
        shown = {"page": first, "problem": _declined(again), "step": 1}
        return render(request, "web/redeem/amount.html", shown, status=409)
    shown = {"page": page, "problem": problem, "step": 2}
    return render(request, "web/redeem/consequences.html", shown, status=409)


def _declined(refusal: Refusal) -> str:
    if refusal.code in refusals.NOT_FOUND:
        raise refusal
    return refusals.sentence(refusal)
