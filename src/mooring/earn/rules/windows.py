"""What maintenance stops, and until when (EARN-12)."""

from collections.abc import Iterable
from datetime import datetime

from mooring.earn import errors
from mooring.earn.facts import WindowView


def subscriptions_stopped(windows: Iterable[WindowView]) -> WindowView | None:
    """Return the window in force that stops subscriptions and ends last, if one does."""
    stopping = [window for window in windows if window.stops_subscriptions]
    return max(stopping, key=lambda window: window.ends_at, default=None)


def check_not_stopped(windows: Iterable[WindowView]) -> None:
    """
    Refuse new money while maintenance stops it.

    Args:
        windows: in force for the product.

    Raises:
        SubscriptionsStopped: says why and until when.
    """
    window = subscriptions_stopped(windows)
    if window is not None:
        raise errors.SubscriptionsStopped(reason=window.reason, until=window.ends_at)


def redemptions_wait_until(windows: Iterable[WindowView]) -> datetime | None:
    """Return when redemptions go on; None where nothing stops them."""
    return max((window.ends_at for window in windows if window.stops_redemptions), default=None)
