"""
Staking and unstaking, at the addresses of subscribing and redeeming.

Questions are GET; only a confirmation moves anything, once per page that was shown.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.pages import liquid as pages
from mooring.web.pages import subscribe as subscribe_pages
from mooring.web.visit import PageRequest


def stake(request: PageRequest, product: earn.ProductView) -> HttpResponse:
    """Show what staking means and, with the terms ticked, stake."""
    if request.method != "POST":
        page = pages.stake_page(request.visit, product, request.GET)
        return render(request, "web/earn/stake.html", {"page": page}, status=page.status)
    wish = pages.read_wish(request.POST.get("token", ""), request.visit.account_id)
    if wish is None or wish.code != product.code:
        return redirect("subscribe", code=product.code)
    if not request.POST.get("terms"):
        problem = subscribe_pages.terms_problem()
    elif pages.has_changed(request.visit, product, wish):
        problem = pages.changed_problem()
    else:
        try:
            done = earn.stake_one(wish.request(request.visit.account_id), at=request.visit.at)
        except Refusal as refusal:
            problem = refusals.sentence(refusal)
        else:
            return redirect("position", position_id=done.position_id)
    page = pages.stake_again(request.visit, product, wish, problem=problem)
    return render(request, "web/earn/stake.html", {"page": page}, status=422)


def unstake(request: PageRequest, position: earn.PositionView) -> HttpResponse:
    """Show what giving tokens back would bring, and when."""
    page = pages.unstake_page(request.visit, position, request.GET)
    return render(request, "web/redeem/unstake.html", {"page": page}, status=page.status)


def confirm(request: PageRequest, position_id: int) -> HttpResponse:
    """
    Give tokens back as the quote said.

    Raises:
        PositionNotFound: absent, or another's.
    """
    visit = request.visit
    try:
        quote = earn.open_unstaking(request.POST.get("unstaking", ""), account_id=visit.account_id)
    except earn.QuoteUnreadable:
        return redirect("redeem", position_id=position_id)
    if quote.position_id != position_id:
        return redirect("redeem", position_id=position_id)
    problem = _("Please read and accept the terms. Nothing was redeemed.")
    if request.POST.get("terms"):
        asked = earn.Unstaking(
            account_id=visit.account_id,
            position_id=position_id,
            tokens=quote.tokens,
            key=quote.key,
            destination=quote.destination,
            quote=quote,
        )
        try:
            done = earn.unstake_one(asked, at=visit.at)
        except Refusal as refusal:
            problem = refusals.sentence(refusal)
        else:
            return redirect(f"{reverse('redemption', args=[done.redemption_id])}?done=1")
    position = earn.get_position(account_id=visit.account_id, position_id=position_id, at=visit.at)
    page = pages.unstake_again(visit, position, quote, problem=problem)
    return render(request, "web/redeem/unstake.html", {"page": page}, status=409)
