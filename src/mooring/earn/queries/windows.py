"""Maintenance windows: what is off, why, and until when (EARN-12)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from mooring.earn.facts import WindowView
from mooring.kernel import db

_COLUMNS: Final = (
    "work.id, scope.code, work.asset, work.stops_subscriptions, work.stops_redemptions,"
    " work.reason, work.starts_at, work.expected_end, work.ended_at"
)
#: Of one product, of everything in an asset, or of everything.
_CONCERNS: Final = (
    "(work.product_id = product.id OR work.asset = product.asset"
    " OR (work.product_id IS NULL AND work.asset IS NULL))"
)
#: One that was ended before its start never begins.
_ENDS_AFTER: Final = "coalesce(work.ended_at, work.expected_end) > greatest(%(at)s, work.starts_at)"


def windows_at(product_ids: Iterable[int], *, at: datetime) -> dict[int, tuple[WindowView, ...]]:
    """
    Return the windows in force for products, the one that ends last first.

    Args:
        product_ids: one without a window is missing in the answer.
        at: a window is in force from its start up to, not including, its end.
    """
    found = db.rows(
        f"SELECT product.id, {_COLUMNS} FROM earn_window AS work"  # noqa: S608 - no input in it
        f" INNER JOIN earn_product AS product ON {_CONCERNS}"
        f" LEFT JOIN earn_product AS scope ON scope.id = work.product_id"
        f" WHERE product.id = ANY(%(ids)s::bigint[])"
        f" AND work.starts_at <= %(at)s AND {_ENDS_AFTER}"
        f" ORDER BY product.id, work.expected_end DESC, work.id",
        {"ids": db.array(set(product_ids)), "at": at},
    )
    windows: dict[int, tuple[WindowView, ...]] = {}
    for product_id, *columns in found:
        windows[product_id] = (*windows.get(product_id, ()), WindowView(*columns))
    return windows


def list_windows(
    *, at: datetime, product_code: str | None = None, with_past: bool = False
) -> tuple[WindowView, ...]:
    """
    Return the windows that run and those that are planned, by their start.

    Args:
        product_code: only those that concern this product.
        with_past: also those that are over, for an operator.
    """
    found = db.rows(
        f"SELECT {_COLUMNS} FROM earn_window AS work"  # noqa: S608 - no input in it
        f" LEFT JOIN earn_product AS scope ON scope.id = work.product_id"
        f" WHERE (%(with_past)s OR {_ENDS_AFTER})"
        f" AND (%(code)s::text IS NULL OR EXISTS (SELECT FROM earn_product AS product"
        f"  WHERE product.code = %(code)s AND {_CONCERNS}))"
        f" ORDER BY work.starts_at, work.id",
        {"at": at, "code": product_code, "with_past": with_past},
    )
    return tuple(WindowView(*columns) for columns in found)
