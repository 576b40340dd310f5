"""The page for whoever writes a program against the API."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mooring.web.pages import developers as pages
from mooring.web.visit import PageRequest


@require_safe
def developers(request: PageRequest) -> HttpResponse:
    """Show how the API is reached, what it answers, and where it differs."""
    origin = request.build_absolute_uri("/").rstrip("/")
    shown = {"page": pages.page(request.visit, origin=origin)}
    return render(request, "web/developers/developers.html", shown)
