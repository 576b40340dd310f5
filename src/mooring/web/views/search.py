"""The search box of every page. Source: requirement ACC-6."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mooring.web.pages import search as pages
from mooring.web.visit import PageRequest


@require_safe
def search(request: PageRequest) -> HttpResponse:
    """Show everything that fits the words."""
    page = pages.search(request.visit, request.GET.get("q", ""))
    return render(request, "web/search/search.html", {"page": page})


@require_safe
def suggestions(request: PageRequest) -> HttpResponse:
    """Show the first few finds under the box."""
    page = pages.search(request.visit, request.GET.get("q", ""), limit=6)
    return render(request, "web/search/_suggestions.html", {"page": page})
