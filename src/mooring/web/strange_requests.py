"""
Requests that no page of ours causes, answered before a page sees them.

PostgreSQL keeps no NUL in a text and no number beyond its column: such an input would end in a
fault of ours, where it is only something that is not there.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict

from mooring.web.views.errors import bad_request, not_found

GetResponse = Callable[[HttpRequest], HttpResponse]

#: What pages and forms use.
METHODS: Final = ("GET", "HEAD", "POST")
_NUL: Final = "\0"


class RowId:
    """
    A row's number in an address, no longer than a number of the database.

    Used as `<row:position_id>`; Django's own `<int:…>` takes numbers that no column holds.
    """

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """Return the number that was typed."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the number as text."""
        return str(value)


def readable_cookies(get_response: GetResponse) -> GetResponse:
    """Let a cookie that cannot be one of ours count as none; stands before whoever reads them."""

    def respond(request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if _NUL in value]:
            del request.COOKIES[name]
        return get_response(request)

    return respond


def expected_requests(get_response: GetResponse) -> GetResponse:
    """Refuse methods that nothing here answers, and texts that nothing here could keep."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if _NUL in request.path:
            return not_found(request)
        if _has_nul(request.GET) or (request.method == "POST" and _has_nul(request.POST)):
            return bad_request(request)
        return get_response(request)

    return respond


def _has_nul(fields: QueryDict) -> bool:
    return any(_NUL in text for name, texts in fields.lists() for text in (name, *texts))
