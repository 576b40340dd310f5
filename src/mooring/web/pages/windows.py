"""Maintenance windows as a person reads them. Source: requirement EARN-12."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRow:
    """A window: what it concerns, what it stops, why, from when and until when."""

    id: int
    concerns: str
    stops: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    is_running: bool
    stops_subscriptions: bool
    stops_redemptions: bool
    is_everything: bool


def rows(visit: Visit) -> tuple[WindowRow, ...]:
    """Return every window that runs or is planned."""
    return tuple(row_of(visit, window) for window in earn.list_windows(at=visit.at))


def rows_of_product(visit: Visit, code: str) -> tuple[WindowRow, ...]:
    """Return the windows of a product that run or are planned."""
    found = earn.list_windows(at=visit.at, product_code=code)
    return tuple(row_of(visit, window) for window in found)


def row_of(visit: Visit, window: earn.WindowView) -> WindowRow:
    """Return a window as a row."""
    return WindowRow(
        id=window.id,
        concerns=_concerns(visit, window),
        stops=_stops(window),
        reason=window.reason,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        is_running=window.is_running(visit.at),
        stops_subscriptions=window.stops_subscriptions,
        stops_redemptions=window.stops_redemptions,
        is_everything=window.product_code is None and window.asset is None,
    )


def _concerns(visit: Visit, window: earn.WindowView) -> str:
    if window.product_code is not None:
        return window.product_code
    if window.asset is not None:
        return _("All products in %(asset)s") % {"asset": visit.name_of(window.asset)}
    return _("Everything in Earn")


def _stops(window: earn.WindowView) -> str:
    waits = _("Redemptions are taken and go on their way at its end.")
    if not window.stops_redemptions:
        return _("No new subscriptions. Redeeming goes on as usual.")
    if not window.stops_subscriptions:
        return waits
    # Translators: joined to the sentence about redemptions.
    return _("No new subscriptions.") + " " + waits
