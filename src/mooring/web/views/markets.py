"""Markets and orders: honest while trading is not open."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mooring.web.pages import markets as pages
from mooring.web.visit import PageRequest


@require_safe
def markets(request: PageRequest) -> HttpResponse:
    """Show every asset and what a unit of it is worth now."""
    return render(request, "web/markets.html", {"page": pages.markets(request.visit)})


@require_safe
def orders(request: PageRequest) -> HttpResponse:
    """Say that there are no orders here, and what can be done instead."""
    return render(request, "web/orders.html")
