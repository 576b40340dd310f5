"""A time line: what happened, what is now, what comes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    A point of a time line.

    Args:
        state: `done`, `now`, `next`, or `next late`.
        until: the end of a window that begins `at`.
    """

    name: str
    at: datetime | None
    state: str
    until: datetime | None = None
    more: str = ""
