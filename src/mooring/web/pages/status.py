"""The status page: how far the platform's own work has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mooring.kernel import jobs
from mooring.web.pages import windows
from mooring.web.visit import Visit

#: Work that is further behind than this is worth telling.
_BEHIND: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """Whether everything works, and through when the work is done."""

    at: datetime
    settled_through: datetime | None
    is_current: bool
    windows: tuple[windows.WindowRow, ...]

    @property
    def subscribing(self) -> str:
        """`off` while maintenance stops every new subscription, `partly` while it stops some."""
        running = [row for row in self.windows if row.is_running and row.stops_subscriptions]
        return _reach(running)

    @property
    def redeeming(self) -> str:
        """`off` while everything that leaves waits, `partly` while some of it does."""
        running = [row for row in self.windows if row.is_running and row.stops_redemptions]
        return _reach(running)


def _reach(running: list[windows.WindowRow]) -> str:
    if any(row.is_everything for row in running):
        return "off"
    return "partly" if running else ""


def status(visit: Visit) -> StatusPage:
    """Return the status as of the visit."""
    through = jobs.settled_through()
    return StatusPage(
        at=visit.at,
        settled_through=through,
        is_current=through is not None and visit.at - through < _BEHIND,
        windows=windows.rows(visit),
    )
