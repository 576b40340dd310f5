"""
Makes pages smaller on their way, where nobody can learn a secret from how small they get.

Who can have a victim's browser ask for a page with text of their choice in it, and sees how long
the answer is, guesses what else stands in it (BREACH). So no page is compressed that another site
made a browser ask for, none that answers a form (keys and codes that are shown once stand there
alone), and each gets a random number of bytes besides. The token of forms is masked anew each time.
"""

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

#: Asked for by a page of this site, or by the person themselves, as browsers say.
_OWN: Final = frozenset({"same-origin", "none"})


class CompressedPages(GZipMiddleware):
    """Compress pages that this site or the person asked for; files are made small beforehand."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the answer, compressed where that is safe."""
        if not _is_page(response) or request.method != "GET":
            return response
        patch_vary_headers(response, ("Sec-Fetch-Site",))
        if not _is_asked_for_here(request):
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer


def _is_page(response: HttpResponseBase) -> bool:
    kind = response.headers.get("Content-Type", "")
    return not response.streaming and kind.partition(";")[0] == "text/html"


def _is_asked_for_here(request: HttpRequest) -> bool:
    """Return whether no other site can have asked; who brings no session has no secret to guess."""
    is_stranger = settings.SESSION_COOKIE_NAME not in request.COOKIES
    return is_stranger or request.headers.get("Sec-Fetch-Site") in _OWN
