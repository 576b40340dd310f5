"""The filters of the history."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from mooring.ledger.api import StatementFilter
from mooring.web.pages.history import KINDS

#: Longer numbers of journals there are not (a bigint has 19 digits).
_DIGITS_MAX: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryWish:
    """
    What part of the history a visitor wants to see; `wrong` names a date that is none.

    Args:
        position: the number of a position, of which nothing but its own movements is shown.
    """

    kind: str
    asset: str
    since: str
    until: str
    position: int | None
    before: int | None
    wrong: tuple[str, ...]

    @property
    def query(self) -> str:
        """The filters as a query string, without the page."""
        fields = {
            "kind": self.kind,
            "asset": self.asset,
            "since": self.since,
            "until": self.until,
            "position": self.position,
        }
        return urlencode({name: value for name, value in fields.items() if value})

    def narrow(self) -> StatementFilter:
        """Return the filter of the book's statement; days are UTC, the last one included."""
        until = _day(self.until)
        return StatementFilter(
            asset=self.asset or None,
            reference=self.position,
            kinds=[self.kind] if self.kind else None,
            since=_day(self.since),
            until=until + timedelta(days=1) if until is not None else None,
            before=self.before,
        )


def read_history_wish(sent: QueryDict, *, assets: frozenset[str]) -> HistoryWish:
    """Return the filters; one that is not offered is as if not said."""
    kind, asset = sent.get("kind", ""), sent.get("asset", "")
    days = {name: sent.get(name, "")[:10] for name in ("since", "until")}
    return HistoryWish(
        kind=kind if kind in KINDS else "",
        asset=asset if asset in assets else "",
        since=days["since"],
        until=days["until"],
        position=_number(sent.get("position", "")),
        before=_number(sent.get("before", "")),
        wrong=tuple(name for name, text in days.items() if text and _day(text) is None),
    )


def _number(text: str) -> int | None:
    is_one = text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX
    return int(text) or None if is_one else None


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC) if text else None
    except ValueError:
        return None
