"""Finance: one page from which everything that concerns money is one step away."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mooring.web.visit import PageRequest


@require_safe
def finance(request: PageRequest) -> HttpResponse:
    """Show the ways to wallet, Earn, staking, markets, orders and history."""
    return render(request, "web/finance.html")
