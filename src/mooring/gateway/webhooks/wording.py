"""What a message says: its type, when it happened, and its subject as `/v1` shows it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mooring.accounts import api as accounts
from mooring.earn import api as earn
from mooring.gateway.v1 import shapes, translations


def written(type_: str, data: Mapping[str, Any], *, at: datetime) -> str:
    """
    Return a message as text.

    Args:
        at: when it happened; platform time.
    """
    return json.dumps({"type": type_, "timestamp": shapes.moment(at), "data": data})


def body_of(type_: str, subject: int, *, account_id: int, at: datetime) -> str:
    """
    Return the message about a subject, as it is now.

    Args:
        at: platform time, UTC.
    """
    if type_ == "ping":
        return written(type_, {}, at=at)
    if type_ == "hold.begun":
        hold = accounts.protection.get_hold(account_id, subject)
        return written(type_, translations.hold(hold), at=hold.begins_at)
    found = earn.get_redemption(account_id=account_id, redemption_id=subject, at=at)
    return written(type_, translations.redemption(found), at=_happened_at(type_, found))


def _happened_at(type_: str, found: earn.RedemptionView) -> datetime:
    """Return when a redemption reached the status that a message tells of."""
    times = {
        "redemption.queued": found.requested_at,
        "redemption.pending": found.runs_at or found.requested_at,
        "redemption.paid": found.paid_at,
        "redemption.cancelled": found.cancelled_at,
    }
    return times[type_] or found.requested_at
