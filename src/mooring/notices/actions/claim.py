"""Claim messages that are due, so that one worker sends them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from mooring.kernel import db
from mooring.notices.rules.retrying import TRIES_MAX
from mooring.notices.senders import Letter

#: How long a claim holds: after it, whoever claimed is taken for dead and another sends.
LEASE: Final = timedelta(minutes=2)

_GIVE_UP = """
UPDATE notices_notice
SET status = 'FAILED', next_try_at = NULL, failure = 'the worker ended while sending it',
    body = CASE WHEN is_secret AND NOT %s THEN '' ELSE body END
WHERE status = 'SENDING' AND next_try_at <= %s AND tries >= %s
"""
_CLAIM = """
UPDATE notices_notice SET status = 'SENDING', tries = tries + 1, next_try_at = %s
WHERE id IN (
    SELECT id FROM notices_notice
    WHERE status IN ('WAITING', 'SENDING') AND next_try_at <= %s
    ORDER BY next_try_at, id
    LIMIT %s
    FOR UPDATE SKIP LOCKED
)
RETURNING id, channel, "to", subject, body
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Messages that are the claimer's to send until `until` (wall time)."""

    until: datetime
    letters: tuple[tuple[str, Letter], ...]


@db.transaction
def claim(*, limit: int, wall: datetime) -> Claim:
    """
    Claim messages that wait, and those whose claimer is gone; those due longest come first.

    The try is counted here, so that a message whose sending ends the worker ends too.

    Args:
        limit: how many at most.
        wall: the real time, UTC.

    Returns:
        The letters, each with its channel.
    """
    until = wall + LEASE
    db.execute(_GIVE_UP, [settings.SANDBOX, wall, TRIES_MAX])
    found = db.rows(_CLAIM, [until, wall, limit])
    return Claim(
        until=until,
        letters=tuple(
            (channel, Letter(id=notice_id, to=to, subject=subject, body=body))
            for notice_id, channel, to, subject, body in sorted(found)
        ),
    )
