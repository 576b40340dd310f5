"""What a person reads when something did not work: what happened, what was lost, what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

_SAFE_STATUS = {"bad_request": 400, "forbidden": 403, "not_found": 404}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what was not understood."""
    return _page(
        request,
        400,
        _("That request was not understood"),
        _("Nothing was changed. Go back and try again; if it happens again, open the page anew."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer who may not see a page."""
    return _page(
        request,
        403,
        _("This page is not for this log-in"),
        _("Nothing was changed. Log in with the account whose page this is."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is absent, or somebody else's: alike."""
    return _page(
        request,
        404,
        _("There is nothing at this address"),
        _("Perhaps the link is old or has a typing error. Search above, or start from here."),
    )


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that brings more than is taken, before reading it."""
    return _page(
        request,
        413,
        _("That is too much at once"),
        _(
            "What you sent is larger than what this page takes, so nothing of it was kept. Go "
            "back and choose smaller pictures; a photo of a telephone is large enough."
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from our page, or whose page is too old."""
    return _page(
        request,
        403,
        _("This form has expired"),
        _(
            "Nothing was sent and nothing was changed. Go back, load the page again and repeat. "
            "The site needs cookies to know that the form is yours."
        ),
    )


def server_error(_request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours without asking the database anything."""
    return HttpResponse(render_to_string("web/errors/server_error.html"), status=500)


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    words = {"status": status, "title": title, "text": text}
    return render(request, "web/errors/error.html", words, status=status)
