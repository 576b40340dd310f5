"""The wallet: every asset by wallet and state. Source: requirement WAL-1."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mooring.web.access import members_only
from mooring.web.pages import wallet as pages
from mooring.web.visit import PageRequest


@members_only
@require_safe
def wallet(request: PageRequest) -> HttpResponse:
    """Show what the member has of each asset."""
    return render(request, "web/wallet/wallet.html", {"page": pages.wallet(request.visit)})


@members_only
@require_safe
def asset(request: PageRequest, code: str) -> HttpResponse:
    """Show one asset of the wallet by state."""
    page = pages.asset(request.visit, code)
    if page is None:
        raise Http404
    return render(request, "web/wallet/asset.html", {"page": page})
