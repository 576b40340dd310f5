"""What every page's request and response carry."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mooring.web.visit import Visit

GetResponse = Callable[[HttpRequest], HttpResponse]


def visits(get_response: GetResponse) -> GetResponse:
    """Give every request its `visit`: the moment, who comes, and how they like to see values."""

    def respond(request: HttpRequest) -> HttpResponse:
        request.visit = Visit(request)  # type: ignore[attr-defined]
        return get_response(request)

    return respond


def private_pages(get_response: GetResponse) -> GetResponse:
    """Keep pages out of every cache: a log-out, or the back button, must not show balances."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        return response

    return respond
