"""What the declarations of operations are made of: what is in a path or a query, and answers."""

from collections.abc import Sequence
from typing import Any, Final

from ninja import P, PathEx, QueryEx

from mooring.gateway.v1 import problems, shapes

#: Ids are 64 bits wide in the tables.
_ID_MAX: Final = 2**63 - 1
Id = PathEx[int, P(ge=1, le=_ID_MAX)]
Code = PathEx[str, P(max_length=32)]
Size = QueryEx[int, P(ge=1, le=100, description="How many at most.")]
Cursor = QueryEx[str, P(max_length=20, description="`next_cursor` of the page before.")]
PROBLEMS: Final = dict.fromkeys((400, 401, 403, 429), shapes.Problem)
READS: Final = {**PROBLEMS, **dict.fromkeys((404, 422), shapes.Problem)}
WRITES: Final = {**READS, 409: shapes.Problem}
#: What `once` needs is read from the headers there.
ONCE: Final = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": True,
            "description": "The same request under the same key is answered the same.",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
            "example": "order-2026-03-01.7",
        }
    ]
}


def before(cursor: str) -> int | None:
    """
    Return the number that a cursor says is the last of the page before; None without one.

    Raises:
        CursorMalformed.
    """
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit()) or not 0 < int(cursor) <= _ID_MAX:
        raise problems.CursorMalformed
    return int(cursor)


def page(items: Sequence[dict[str, Any]], *, limit: int) -> dict[str, Any]:
    """Return the first of the items, with a cursor where there are more."""
    shown = items[:limit]
    more = len(items) > limit
    return {"items": shown, "next_cursor": str(shown[-1]["id"]) if more else ""}
