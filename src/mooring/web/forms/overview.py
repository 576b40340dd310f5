"""The wishes of the overview: find, filter, sort. What is not offered is as if not said."""

from typing import Final

from django.http import QueryDict

from mooring.web.pages.positions import SORTS, Wish

_KINDS: Final = ("FLEXIBLE", "LOCKED", "LIQUID")
#: Longer codes of assets there are not.
_CODE_MAX: Final = 20
_STATES: Final = ("REDEEMING", "PAID", "ALL")


def read_wish(sent: QueryDict, *, kind: str = "") -> Wish:
    """Return what a visitor wants to see; `kind` is fixed by pages of one kind."""
    sort = sent.get("sort", "")
    return Wish(
        query=sent.get("find", "")[:50],
        asset=sent.get("asset", "")[:_CODE_MAX],
        kind=kind or _one_of(_KINDS, sent.get("kind", "")),
        status=_one_of(_STATES, sent.get("status", "")) or "HOLDING",
        sort=sort if sort in SORTS else "value",
        page=_page(sent.get("page", "")),
    )


def _one_of(offered: tuple[str, ...], wished: str) -> str:
    return wished if wished in offered else ""


def _page(text: str) -> int:
    # Four digits are more pages than anybody has positions.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 1  # noqa: PLR2004
