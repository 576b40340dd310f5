"""The wishes of the catalogue: find, filter, sort. What is not offered is as if not said."""

from django.http import QueryDict

from mooring.web.pages.catalogue import Wish

_QUERY_LENGTH_MAX = 50


def read_wish(sent: QueryDict) -> Wish:
    """Return what a visitor wants to see; the catalogue knows which of it there is."""
    return Wish(
        query=sent.get("find", "")[:_QUERY_LENGTH_MAX],
        kind=sent.get("kind", ""),
        asset=sent.get("asset", ""),
        term=sent.get("term", ""),
        sort=sent.get("sort", ""),
    )
