"""Help, terms and status: words rendered from what is really set. Source: requirement ACC-13."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mooring.web import terms
from mooring.web.pages import help_topics
from mooring.web.pages import reference as reference_page
from mooring.web.pages import status as pages
from mooring.web.visit import PageRequest


@require_safe
def help_page(request: PageRequest) -> HttpResponse:
    """Show every question and its answer."""
    shown = {
        "topics": help_topics.topics(request.visit),
        "products": help_topics.products(request.visit),
    }
    return render(request, "web/help.html", shown)


@require_safe
def terms_page(request: PageRequest) -> HttpResponse:
    """Show the terms in force."""
    return render(request, "web/terms.html", {"version": terms.VERSION})


@require_safe
def reference(request: PageRequest) -> HttpResponse:
    """Show what our own API answers."""
    return render(request, "web/reference.html", {"page": reference_page.page()})


@require_safe
def status(request: PageRequest) -> HttpResponse:
    """Show whether the platform works and how far its own work has come."""
    return render(request, "web/status.html", {"page": pages.status(request.visit)})
