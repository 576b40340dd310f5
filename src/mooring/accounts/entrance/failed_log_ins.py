"""
Log-ins that failed, told to their person at the next one that does not.

A failure is counted under what was typed, in the same row whether anybody has that address: an
event about a person, written at once, would cost time for those who have an account only. Counts
are kept for a day, like every count of tries; what a budget has stopped is not counted again.
"""

from datetime import datetime
from typing import Final

from mooring.accounts import events
from mooring.accounts.entrance.throttle import bucket_of, window_of
from mooring.accounts.models import User
from mooring.kernel import db

KIND: Final = "log_in_failed"

_NOTE = """
INSERT INTO accounts_attempt AS attempt (bucket, window_start, count) VALUES (%s, %s, 1)
ON CONFLICT (bucket, window_start) DO UPDATE SET count = attempt.count + 1
"""


def note(identifier: str, *, wall: datetime) -> None:
    """
    Count a log-in that failed, whoever it was about.

    Args:
        identifier: what was typed, canonical.
        wall: the real time, UTC.
    """
    db.execute(_NOTE, [bucket_of(KIND, identifier), window_of(wall)])


@db.transaction_required
def tell(*, user_id: int, at: datetime) -> int:
    """
    Write down how often logging in as this person failed since they last did; return how often.

    Args:
        at: platform time, UTC.
    """
    names = User.objects.values_list("email", "phone").get(id=user_id)
    buckets = [bucket_of(KIND, name) for name in names if name]
    found = db.rows(
        "DELETE FROM accounts_attempt WHERE bucket = ANY(%s::varchar[]) RETURNING count",
        [db.array(buckets)],
    )
    failed = sum(int(count) for (count,) in found)
    if failed:
        events.record(
            events.Kind.LOG_IN_FAILED,
            user_id=user_id,
            origin=None,
            at=at,
            details={"count": str(failed)},
        )
    return failed
