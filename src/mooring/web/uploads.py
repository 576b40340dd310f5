"""
How much a request may bring.

What is too long is answered before a byte of it is read: nobody fills memory or the disk, and a
stranger sends no file at all. Pages that take files say how much with `takes_uploads`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve

from mooring.web.views.errors import too_large
from mooring.web.visit import PageRequest

GetResponse = Callable[[HttpRequest], HttpResponse]
V = TypeVar("V", bound=Callable[..., Any])

#: What every form fits into, and files beside their pictures; bytes.
BODY_BYTES_MAX: Final = 1_000_000
_ATTRIBUTE: Final = "upload_bytes_max"


def takes_uploads(bytes_max: Callable[[PageRequest], int]) -> Callable[[V], V]:
    """Let people who are logged in send a view files of so many bytes together."""

    def mark(view: V) -> V:
        setattr(view, _ATTRIBUTE, bytes_max)
        return view

    return mark


def measured_bodies(get_response: GetResponse) -> GetResponse:
    """Decline what is too long; stands behind who knows who comes, before who reads the form."""

    def respond(request: PageRequest) -> HttpResponse:
        length = _length(request)
        if length > BODY_BYTES_MAX and length > _bytes_max(request):
            return too_large(request)
        return get_response(request)

    return respond  # type: ignore[return-value]  # a request as `visits` has made it


def read_files(files: Mapping[str, Any], *, bytes_max: int) -> dict[str, bytes]:
    """
    Return the content of each file by the name of its field; the file's own name is ignored.

    Of one that is longer than `bytes_max` so much is read that it can be seen to be.
    """
    return {name: file.read(bytes_max + 1) for name, file in files.items()}


def _bytes_max(request: PageRequest) -> int:
    if not request.user.is_authenticated:
        return 0
    try:
        view = resolve(request.path_info).func
    except Http404:
        return 0
    marked: Callable[[PageRequest], int] | None = getattr(view, _ATTRIBUTE, None)
    return marked(request) + BODY_BYTES_MAX if marked is not None else 0


def _length(request: HttpRequest) -> int:
    # As Django reads it: what is no number is as if nothing came.
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
