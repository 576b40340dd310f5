"""The status page: how far the platform's own work has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mooring.kernel import jobs
from mooring.web.visit import Visit

#: Work that is further behind than this is worth telling.
_BEHIND: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """Whether everything works, and through when the work is done."""

    at: datetime
    settled_through: datetime | None
    is_current: bool


def status(visit: Visit) -> StatusPage:
    """Return the status as of the visit."""
    through = jobs.settled_through()
    return StatusPage(
        at=visit.at,
        settled_through=through,
        is_current=through is not None and visit.at - through < _BEHIND,
    )
