"""Maintain: announce, extend and end windows in which entering or leaving waits (EARN-12)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mooring.assets import api as assets
from mooring.earn import errors
from mooring.earn.models import Product, Window
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules.windows import redemptions_wait_until
from mooring.kernel import db
from mooring.kernel.errors import Refusal

_REASON_LENGTH_MAX: Final = 200


class WindowNotFound(Refusal):
    """No such maintenance window."""

    code = "earn_window_not_found"

    def __init__(self, *, window_id: int) -> None:
        super().__init__("There is no such maintenance window.")
        self.window_id = window_id


class WindowOver(Refusal):
    """The window has ended; announce another one."""

    code = "earn_window_over"

    def __init__(self, *, ended_at: datetime) -> None:
        super().__init__(f"This window ended at {ended_at:%Y-%m-%d %H:%M} UTC. Announce another.")
        self.ended_at = ended_at


class WindowMalformed(Refusal):
    """A window ends after its start and after now, stops something, and says why."""

    code = "earn_window_malformed"

    def __init__(self) -> None:
        super().__init__(
            "A window ends after it starts and after now, concerns one product, one asset or "
            "everything, stops subscriptions, redemptions or both, and has a reason of at most "
            f"{_REASON_LENGTH_MAX} characters."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """
    What an operator announces.

    Args:
        reason: one line that customers read.
        product_code, asset: what it concerns; neither: everything.
        author: who announces it, as the operator's console knows them.
    """

    starts_at: datetime
    expected_end: datetime
    stops_subscriptions: bool
    stops_redemptions: bool
    reason: str
    author: str
    product_code: str | None = None
    asset: str | None = None


@db.transaction
def announce_window(maintenance: Maintenance, *, at: datetime) -> int:
    """
    Announce a maintenance window, now or in the future.

    Redemptions that come while it stops them are taken and wait for its end; none is refused.

    Returns:
        Its number.

    Raises:
        ProductNotFound, UnknownAsset: there is nothing of this name.
        WindowMalformed: see there.
    """
    reason = " ".join(maintenance.reason.split())
    is_of_one_thing = maintenance.product_code is None or maintenance.asset is None
    stops = maintenance.stops_subscriptions or maintenance.stops_redemptions
    ends = maintenance.expected_end
    if not (is_of_one_thing and stops and ends > max(at, maintenance.starts_at)):
        raise WindowMalformed
    if not 0 < len(reason) <= _REASON_LENGTH_MAX or not maintenance.author.strip():
        raise WindowMalformed
    if maintenance.asset is not None:
        assets.get_asset(maintenance.asset)
    window = Window.objects.create(
        product_id=_product_id(maintenance.product_code),
        asset_id=maintenance.asset,
        stops_subscriptions=maintenance.stops_subscriptions,
        stops_redemptions=maintenance.stops_redemptions,
        reason=reason,
        starts_at=maintenance.starts_at,
        expected_end=maintenance.expected_end,
        author=maintenance.author.strip(),
    )
    return window.pk


@db.transaction
def extend_window(*, window_id: int, expected_end: datetime, at: datetime) -> None:
    """
    Expect the end of a window at another time; redemptions that wait for it are told that one.

    Raises:
        WindowNotFound, WindowOver: there is none that runs or is planned.
        WindowMalformed: it would end before it started, or before now.
    """
    window = _lock(window_id, at=at)
    if expected_end <= max(at, window.starts_at):
        raise WindowMalformed
    window.expected_end = expected_end
    window.save(update_fields=["expected_end"])
    _reschedule(window, at=at)


@db.transaction
def end_window(*, window_id: int, at: datetime) -> None:
    """
    End a window now; redemptions that wait for it go on their way. A planned one never begins.

    Raises:
        WindowNotFound, WindowOver: there is none that runs or is planned.
    """
    window = _lock(window_id, at=at)
    window.ended_at = max(at, window.starts_at)
    window.save(update_fields=["ended_at"])
    _reschedule(window, at=at)


def _product_id(code: str | None) -> int | None:
    if code is None:
        return None
    product = Product.objects.filter(code=code).first()
    if product is None:
        raise errors.ProductNotFound(product_code=code)
    return product.pk


def _lock(window_id: int, *, at: datetime) -> Window:
    window = Window.objects.select_for_update(no_key=True).filter(id=window_id).first()
    if window is None:
        raise WindowNotFound(window_id=window_id)
    ended = window.expected_end if window.ended_at is None else window.ended_at
    if window.ended_at is not None or at >= ended:
        raise WindowOver(ended_at=ended)
    return window


def _reschedule(window: Window, *, at: datetime) -> None:
    """Let redemptions that wait for maintenance run when the windows as they are now end."""
    if not window.stops_redemptions:
        return
    concerned = Product.objects.all()
    if window.product_id is not None:
        concerned = concerned.filter(id=window.product_id)
    if window.asset_id is not None:
        concerned = concerned.filter(asset_id=window.asset_id)
    product_ids = list(concerned.order_by("id").values_list("id", flat=True))
    windows = windows_at(product_ids, at=at)
    ends = [redemptions_wait_until(windows.get(id_, ())) or at for id_ in product_ids]
    db.execute(
        # Locked in the order of every action, so that two wait instead of deadlocking.
        "WITH waiting AS MATERIALIZED (SELECT redemption.id,"
        "  greatest(t.until, redemption.requested_at) AS until"
        "  FROM unnest(%s::bigint[], %s::timestamptz[]) AS t (product_id, until)"
        "  INNER JOIN earn_position AS position USING (product_id)"
        "  INNER JOIN earn_redemption AS redemption ON redemption.position_id = position.id"
        "  WHERE redemption.status = 'QUEUED' AND redemption.queued_because = 'MAINTENANCE'"
        "  ORDER BY redemption.id FOR NO KEY UPDATE OF redemption)"
        " UPDATE earn_redemption AS redemption SET runs_at = waiting.until,"
        "  arrives_from = arrives_from + (waiting.until - runs_at),"
        "  arrives_until = arrives_until + (waiting.until - runs_at)"
        " FROM waiting WHERE redemption.id = waiting.id AND status = 'QUEUED'",
        [db.array(product_ids), db.array(end.isoformat() for end in ends)],
    )
