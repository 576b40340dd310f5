"""
Which requests are the API's: told by the first part of the path (decisions 0036, 0038).

What is here runs for every request of the API and for nothing else; there is no middleware.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final

from mooring.gateway.binance.answering import JSON_TYPE, answer
from mooring.gateway.v1 import application as application_v1
from mooring.kernel import db

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

#: First parts of paths that no page has.
OURS: Final = "/v1/"
PREFIXES: Final = ("/api/", "/sapi/", "/fapi/", "/dapi/")


def with_api(pages: Application) -> Application:
    """Return an application that answers the API itself, and leaves the pages to another."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if not path.startswith((OURS, *PREFIXES)):
            return pages(environ, start_response)
        db.drop_lost_connection()
        answer = application_v1.serve if path.startswith(OURS) else serve
        return answer(environ, start_response)

    return application


def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request of the API as WSGI wants it."""
    found = answer(environ)
    headers = [
        ("Content-Type", JSON_TYPE),
        ("Content-Length", str(len(found.body))),
        # Money is in it: nobody between us keeps it.
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        *found.headers.items(),
    ]
    start_response(f"{found.status} {HTTPStatus(found.status).phrase}", headers)
    # The answer to HEAD, which is none of our methods, has no body either.
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [found.body]
