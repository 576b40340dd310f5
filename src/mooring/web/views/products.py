"""The catalogue, one product with its calculator, and subscribing."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mooring.earn import api as earn
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.access import members_only
from mooring.web.forms.catalogue import read_wish
from mooring.web.pages import catalogue as pages
from mooring.web.pages import product as product_pages
from mooring.web.pages import subscribe as subscribe_pages
from mooring.web.views import liquid
from mooring.web.visit import PageRequest


@require_safe
def products(request: PageRequest) -> HttpResponse:
    """Show what can be entered, and what leaving it costs."""
    page = pages.catalogue(request.visit, read_wish(request.GET))
    return render(request, "web/earn/products.html", {"page": page})


@require_safe
def product(request: PageRequest, code: str) -> HttpResponse:
    """Show a product in full, and what an amount would earn in it."""
    page = product_pages.page_of(request.visit, code, request.GET)
    return render(request, "web/earn/product.html", {"page": page}, status=page.status)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: PageRequest, code: str) -> HttpResponse:
    """Show what subscribing means and, with the terms ticked, subscribe."""
    for found in earn.list_products(at=request.visit.at, codes=[code]):
        if found.kind == "LIQUID":
            return liquid.stake(request, found)
    if request.method == "POST":
        return _subscribe(request, code)
    page = subscribe_pages.page_of(request.visit, code, request.GET)
    return render(request, "web/earn/subscribe.html", {"page": page}, status=page.status)


def _subscribe(request: PageRequest, code: str) -> HttpResponse:
    wish = subscribe_pages.read_token(request.POST.get("token", ""), request.visit.account_id)
    if wish is None or wish.code != code:
        return redirect("subscribe", code=code)
    problem = ""
    if not wish.is_of(earn.get_product(code=code, at=request.visit.at)):
        problem = subscribe_pages.changed_problem()
    elif not request.POST.get("terms"):
        problem = subscribe_pages.terms_problem()
    else:
        try:
            done = earn.subscribe_one(wish.subscription(), at=request.visit.at)
        except Refusal as refusal:
            problem = refusals.sentence(refusal)
        else:
            return redirect("position", position_id=done.position_id)
    page = subscribe_pages.again(request.visit, wish, problem=problem)
    return render(request, "web/earn/subscribe.html", {"page": page}, status=422)
