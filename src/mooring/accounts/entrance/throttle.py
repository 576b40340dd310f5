"""
How often something may be tried in an hour: counted in the database, before anything is looked at.

A budget is what one bucket may take within a rolling hour: the sum of its windows of five minutes
that touch the hour. What is counted is what was typed, or a log-in that is known by then; never
whether somebody was found, so that counting tells nobody who has an account.

A part of every account's budget is kept for browsers that its person has confirmed: who guesses
from elsewhere uses up the rest and cannot lock the owner out. Confirmed browsers do not count
against their network either, however many strangers share it.
"""

import ipaddress
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils.crypto import salted_hmac

from mooring.accounts import policies as limits
from mooring.kernel import db
from mooring.policies import api as policies

_LOG: Final = logging.getLogger(__name__)

WINDOW: Final = timedelta(minutes=5)
HOUR: Final = timedelta(hours=1)

#: How much of a digest the log has: enough to see that two lines are about the same.
_SHOWN: Final = 12
#: What this process has told of the present window, and how much of it it tells at most.
_LOGGED: Final[set[tuple[str, datetime]]] = set()
_LOGGED_MAX: Final = 1000

#: A person is tried by address, by number and, once logged in, by log-in: three buckets, and
#: together no more than the account's limit. One bucket for all would tell that they are one.
_NAMES: Final = 3
_PREFIXES: Final = {4: 32, 6: 64}


@dataclass(frozen=True, slots=True)
class Budget:
    """
    What one bucket may take in an hour.

    Args:
        kind: what is counted, for whoever reads the log.
        bucket: a keyed digest of whose it is.
        share: the policy's limit is divided by this.
    """

    kind: str
    bucket: str
    limit: policies.Policy[int]
    share: int = 1


def password_budgets(identifier: str, ip: str, device_id: int | None) -> tuple[Budget, ...]:
    """
    Return what a try at a password takes from.

    Args:
        identifier: what was typed, canonical; or `name_of` a person who is logged in.
        device_id: of the confirmed device of whose password it is; None for any other browser.
    """
    whole = _budget("password", identifier, limits.PASSWORD_TRIES, share=_NAMES)
    if device_id is not None:
        return (whole,)
    return (
        whole,
        _budget("password.unknown", identifier, limits.PASSWORD_TRIES_UNKNOWN, share=_NAMES),
        _budget("password.network", network_of(ip), limits.PASSWORD_TRIES_NETWORK),
    )


def code_budgets(
    user_id: int | None,
    ip: str,
    device_id: int | None,
    *,
    sent_to: str = "",
    is_proven: bool = True,
) -> tuple[Budget, ...]:
    """
    Return what a try at a code takes from.

    Args:
        user_id: whose code; None where nobody is known, and `sent_to` is counted.
        device_id: as in `password_budgets`.
        is_proven: whether who tries has given the password, or is logged in.
    """
    whose = name_of(user_id) if user_id is not None else sent_to
    whole = _budget("code", whose, limits.CODE_TRIES)
    if device_id is not None:
        return (whole,)
    unproven = _budget("code.unproven", whose, limits.CODE_TRIES_UNPROVEN)
    return (
        whole,
        _budget("code.unknown", whose, limits.CODE_TRIES_UNKNOWN),
        *(() if is_proven else (unproven,)),
        _budget("code.network", network_of(ip), limits.CODE_TRIES_NETWORK),
    )


def message_budgets(
    sent_to: str, ip: str, device_id: int | None, *, flow: str
) -> tuple[Budget, ...]:
    """
    Return what asking for a message with a code takes from.

    Args:
        sent_to: the canonical address or number, whether somebody has it or not.
        device_id: as in `password_budgets`.
        flow: what the code is for: who uses up one flow's messages has not used up another's.
    """
    whole = _budget(f"message.{flow}", sent_to, limits.MESSAGES)
    network = _budget("message.network", network_of(ip), limits.MESSAGES_NETWORK)
    if device_id is not None:
        return (whole, network)
    unknown = _budget(f"message.{flow}.unknown", sent_to, limits.MESSAGES_UNKNOWN)
    return (whole, unknown, network)


def try_budgets(sent_to: str, ip: str) -> tuple[Budget, ...]:
    """
    Return what a try at a code takes from that belongs to nobody yet, as at sign-up.

    Counted by the address: another code for it is no new budget.
    """
    return (
        _budget("code.sign_up", sent_to, limits.CODE_TRIES),
        _budget("code.network", network_of(ip), limits.CODE_TRIES_NETWORK),
    )


def session_password_budgets(session_id: int | None) -> tuple[Budget, ...]:
    """
    Return what a try at a password takes from besides, by somebody who is logged in.

    A log-in that was stolen has its owner's browser: it must not use up what is left for them.
    """
    return _of_session("password", session_id, limits.PASSWORD_TRIES_UNKNOWN, share=_NAMES)


def session_code_budgets(session_id: int | None) -> tuple[Budget, ...]:
    """Return what a try at a code takes from besides, as `session_password_budgets`."""
    return _of_session("code", session_id, limits.CODE_TRIES_UNKNOWN)


def verification_budgets(account_id: int) -> tuple[Budget, ...]:
    """Return what sending a form with pictures takes from: decoding them is work."""
    return (_budget("verification", str(account_id), limits.VERIFICATION_FORMS),)


def name_of(user_id: int) -> str:
    """Return under which name tries of somebody who is known by then are counted."""
    return f"user:{user_id}"


def network_of(ip: str) -> str:
    """Return the network that one customer has of an address: one of version 4, a /64 of 6."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network(f"{address}/{_PREFIXES[address.version]}", strict=False))


_LOCK = """
SELECT set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(bucket)
FROM unnest(%s::bigint[]) AS bucket
"""

# Answers which are used up: no bucket is counted unless all of them have room. A window that
# began before the hour counts whole: never more than the limit in any hour.
_TAKE = """
WITH asked AS (
    SELECT bucket, room FROM unnest(%s::varchar[], %s::integer[]) AS asked (bucket, room)
), full_ones AS (
    SELECT asked.bucket
    FROM asked
    JOIN accounts_attempt attempt
        ON attempt.bucket = asked.bucket AND attempt.window_start > %s
    GROUP BY asked.bucket, asked.room
    HAVING sum(attempt.count) >= asked.room
), taken AS (
    INSERT INTO accounts_attempt AS attempt (bucket, window_start, count)
    SELECT bucket, %s, 1 FROM asked WHERE NOT EXISTS (SELECT FROM full_ones) ORDER BY bucket
    ON CONFLICT (bucket, window_start) DO UPDATE SET count = attempt.count + 1
)
SELECT bucket FROM full_ones
"""


@db.transaction
def take(*budgets: Budget, wall: datetime, at: datetime) -> bool:
    """
    Take one try from each budget; none from any if one is used up.

    A transaction of its own, so that an answer that fails gives nothing back. It does not wait
    for the disk: a crash may forget the tries of its last second.

    Args:
        wall: the real time, UTC: in which hour it is counted.
        at: platform time, UTC: which limits are in force.

    Returns:
        Whether there was one to take.
    """
    if not budgets:
        return True
    snapshot = policies.in_force(at=at)
    rooms = {each.bucket: max(1, snapshot[each.limit] // each.share) for each in budgets}
    # In one order for everybody, so that two who share two buckets wait instead of deadlocking.
    db.rows(_LOCK, [db.array(sorted(_lock_key(bucket) for bucket in rooms))])
    window = window_of(wall)
    parameters = [db.array(rooms), db.array(rooms.values()), window - HOUR - WINDOW, window]
    used_up = {bucket for (bucket,) in db.rows(_TAKE, parameters)}
    if used_up:
        _log([budget for budget in budgets if budget.bucket in used_up], window=window)
    return not used_up


def _log(budgets: Sequence[Budget], *, window: datetime) -> None:
    """Tell the log once in a window that a budget is used up: who floods us fills no disk."""
    if _LOGGED and next(iter(_LOGGED))[1] != window:
        _LOGGED.clear()
    for budget in budgets:
        if (budget.bucket, window) not in _LOGGED and len(_LOGGED) < _LOGGED_MAX:
            _LOGGED.add((budget.bucket, window))
            _LOG.warning("budget used up: %s of %s", budget.kind, budget.bucket[:_SHOWN])


def _budget(kind: str, whose: str, limit: policies.Policy[int], *, share: int = 1) -> Budget:
    return Budget(kind, bucket_of(kind, whose), limit, share)


def _of_session(
    kind: str, session_id: int | None, limit: policies.Policy[int], *, share: int = 1
) -> tuple[Budget, ...]:
    if session_id is None:
        return ()
    return (_budget(f"{kind}.session", str(session_id), limit, share=share),)


def _lock_key(bucket: str) -> int:
    return int.from_bytes(bytes.fromhex(bucket[:16]), signed=True)


def bucket_of(kind: str, whose: str) -> str:
    """Return under what tries of a kind are counted: neither can be read from it."""
    value = f"{kind}\n{whose}"
    return salted_hmac("mooring.accounts.attempt", value, algorithm="sha256").hexdigest()


def window_of(wall: datetime) -> datetime:
    """Return when the window of a moment began."""
    seconds = int(wall.timestamp())
    width = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(seconds - seconds % width, UTC)
