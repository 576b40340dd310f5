"""What every page's request and response carry."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.views.errors import not_found
from mooring.web.visit import Visit

GetResponse = Callable[[HttpRequest], HttpResponse]


def visits(get_response: GetResponse) -> GetResponse:
    """Give every request its `visit`: the moment, who comes, and how they like to see values."""

    def respond(request: HttpRequest) -> HttpResponse:
        request.visit = Visit(request)  # type: ignore[attr-defined]
        return get_response(request)

    return respond


class AbsentAlike:
    """Answer what is absent and what is another's with the same page."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal that names something absent into the page for that."""
        if isinstance(error, Refusal) and error.code in refusals.NOT_FOUND:
            return not_found(request)
        return None


def private_pages(get_response: GetResponse) -> GetResponse:
    """Keep pages out of every cache: a log-out, or the back button, must not show balances."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if _is_log_out(request):
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return respond


def _is_log_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.url_name == "account_logout"
