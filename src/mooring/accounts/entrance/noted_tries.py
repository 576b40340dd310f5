"""
What strangers try, noted alike whether it is about anybody, and told to whom it was about.

An event about a person, written at once, would cost time for those who have an account only: the
same row is written about everybody, under what was typed. Once the hour is over (or its person
logs in) a note about a person becomes an event of theirs, and every note is gone.

Nobody's log is flooded: an hour is one event per kind and network, those beyond the busiest are
one together. What a budget has stopped at a password is not counted again.
"""

from datetime import datetime
from typing import Final

from mooring.accounts.entrance.throttle import bucket_of, network_of
from mooring.accounts.events import BY_STRANGERS, Kind
from mooring.accounts.models import User
from mooring.accounts.origin import Origin
from mooring.kernel import db

#: So many networks are told apart within a kind and an hour.
NETWORKS_MAX: Final = 3

_NOTE: Final = """
INSERT INTO accounts_noted_try AS noted (whose, kind, about, ip, hour, count, noted_at)
VALUES (%s, %s, %s, %s::inet, %s, 1, %s)
ON CONFLICT (whose, ip, hour) DO UPDATE
SET count = noted.count + 1, about = excluded.about, noted_at = excluded.noted_at
"""

# A set, because an attack on everybody is as many notes. None of these kinds is mailed, so that
# `events.record` has nothing to add.
_TELL: Final = """
WITH taken AS (
    DELETE FROM accounts_noted_try WHERE {which}
    RETURNING kind, about, ip, hour, count, noted_at
), by_network AS (
    SELECT about, kind, hour, ip, sum(count) AS count, max(noted_at) AS noted_at
    FROM taken
    WHERE about <> 0
    GROUP BY about, kind, hour, ip
), ranked AS (
    SELECT *, least(
        row_number() OVER (PARTITION BY about, kind, hour ORDER BY count DESC, ip), %s
    ) AS place
    FROM by_network
)
INSERT INTO accounts_security_event (user_id, kind, details, ip, device_name, at)
SELECT
    about,
    kind,
    CASE WHEN count(*) = 1 THEN jsonb_build_object('count', sum(count)::text)
    ELSE jsonb_build_object('count', sum(count)::text, 'networks', count(*)::text) END,
    CASE WHEN count(*) = 1 THEN min(ip) END,
    '',
    max(noted_at)
FROM ranked
GROUP BY about, kind, hour, place
ORDER BY max(noted_at), about, kind, place
"""


def note(kind: Kind, typed: str, *, about: int, origin: Origin, at: datetime) -> None:
    """
    Note what was tried, whoever it was about.

    Args:
        kind: the event that it becomes; one of `BY_STRANGERS`.
        typed: an address or number, canonical, or what stands for one that nobody has.
        about: the log-in that has it; 0: nobody's.
        at: platform time, UTC.
    """
    network = network_of(origin.ip).partition("/")[0]
    hour = origin.wall.replace(minute=0, second=0, microsecond=0)
    db.execute(_NOTE, [bucket_of(kind, typed), kind.value, about, network, hour, at])


@db.transaction_required
def tell(*, user_id: int) -> int:
    """Make events of what was noted about a person who logs in; return how many."""
    names = User.objects.values_list("email", "phone").get(id=user_id)
    whose = [bucket_of(kind, name) for kind in sorted(BY_STRANGERS) for name in names if name]
    statement = _TELL.format(which="whose = ANY(%s::varchar[])")
    return db.execute(statement, [db.array(whose), NETWORKS_MAX + 1])


@db.transaction_required
def tell_of_past_hours(*, wall: datetime) -> int:
    """
    Make events of every note whose hour is over; return how many.

    Args:
        wall: the real time, UTC.
    """
    hour = wall.replace(minute=0, second=0, microsecond=0)
    return db.execute(_TELL.format(which="hour < %s"), [hour, NETWORKS_MAX + 1])
