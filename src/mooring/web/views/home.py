"""The first page: for strangers what this is, for members what they have."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mooring.web.pages import home as pages
from mooring.web.visit import PageRequest


@require_safe
def home(request: PageRequest) -> HttpResponse:
    """Show the home page of whoever comes."""
    if request.visit.profile is None:
        return render(request, "web/home/stranger.html", {"page": pages.stranger(request.visit)})
    return render(request, "web/home/member.html", {"page": pages.member(request.visit)})
