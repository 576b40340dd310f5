"""Pages of lists and of records: `current` from 1 on, `size` up to 100."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, TypeVar

from mooring.earn import api as earn
from mooring.gateway.binance.endpoints import Call
from mooring.gateway.binance.parameters import CURRENT, SIZE, read_window

Row = TypeVar("Row")

#: Source: the exchange's manual: the last 30 days by default, and three months at most.
HISTORY_DAYS: Final = timedelta(days=30)
HISTORY_DAYS_MAX: Final = timedelta(days=92)


def page_of(call: Call, rows: Sequence[Row]) -> list[Row]:
    """Return the page that was asked for of a list that is there whole."""
    size = call.values[SIZE]
    start = (call.values[CURRENT] - 1) * size
    return list(rows[start : start + size])


def read_page(call: Call, asked: earn.RecordFilter) -> earn.RecordFilter:
    """
    Return which records were asked for: those, of the times and the page that were sent.

    Raises:
        ParameterInvalid, IntervalTooLong: of the times.
    """
    window = read_window(call.values, at=call.at, default=HISTORY_DAYS, longest=HISTORY_DAYS_MAX)
    size = call.values[SIZE]
    return replace(
        asked,
        since=window.start,
        until=window.end,
        limit=size,
        offset=(call.values[CURRENT] - 1) * size,
    )


def rows_of(found: earn.Records[Row], write: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    """Return a page of records as the exchange writes it."""
    return {"rows": [write(row) for row in found.rows], "total": found.total}
