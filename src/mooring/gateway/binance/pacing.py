"""What is written before a request is carried out: that it was, and when the account's last was."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from mooring.gateway.binance import errors
from mooring.gateway.binance.signing import Caller
from mooring.kernel import db
from mooring.kernel.group_commit import GroupCommit

T = TypeVar("T")

_PACE = """
    INSERT INTO gateway_pace AS pace (account_id, last_at)
    SELECT t.account_id, %s FROM unnest(%s::bigint[]) AS t (account_id)
    ON CONFLICT (account_id) DO UPDATE SET last_at = EXCLUDED.last_at
    WHERE pace.last_at <= %s
    RETURNING account_id
"""
_REMEMBER = """
    INSERT INTO gateway_signature (request_key, expires_at)
    SELECT t.request_key, %s FROM unnest(%s::text[]) AS t (request_key)
    ON CONFLICT (request_key) DO NOTHING
    RETURNING request_key
"""


class TooFast(errors.ApiRefusal):
    """One subscription or redemption in so many seconds (policy `api.earn_interval_seconds`)."""

    code = "api_too_fast"
    number = -6009

    def __init__(self) -> None:
        super().__init__("Request frequency too high")


#: A signature stays this long at least after it was good: clocks of our own machines differ.
_KEPT = timedelta(minutes=5)


def keep_pace(caller: Caller, *, interval_seconds: int, wall: datetime) -> None:
    """
    See that an account's last subscription or redemption is long enough ago, and note this one.

    Raises:
        TooFast: it is not.
    """
    account_id = caller.holder.account_id
    if not keep_pace_all([account_id], interval_seconds=interval_seconds, wall=wall)[0]:
        raise TooFast


def keep_pace_all(
    account_ids: Sequence[int], *, interval_seconds: int, wall: datetime
) -> list[bool]:
    """Return of each account whether it may go on, in order; of two requests one may."""
    if not interval_seconds:
        return [True] * len(account_ids)
    before = wall - timedelta(seconds=interval_seconds)
    # In one order everywhere, so that two processes never wait for each other.
    wanted = sorted(set(account_ids))
    allowed = {id_ for (id_,) in db.rows(_PACE, [wall, db.array(wanted), before])}
    return _first_of_each(account_ids, allowed)


def _first_of_each(wanted: Sequence[T], allowed: set[T]) -> list[bool]:
    """Return of each whether it is allowed and the first of its kind."""
    found = []
    for one in wanted:
        found.append(one in allowed)
        allowed.discard(one)
    return found


def carry_out_once(caller: Caller, *, wall: datetime) -> None:
    """
    Remember that this request is carried out.

    Raises:
        SentBefore: it was, on this path or another.
    """
    if not _CLAIMS.submit(caller.request_key, at=wall):
        raise errors.SentBefore


def claim(request_keys: Sequence[str], wall: datetime) -> list[bool]:
    """Remember requests; return of each whether it is the first."""
    # In one order everywhere, so that two processes never wait for each other.
    wanted = sorted(set(request_keys))
    new = {key for (key,) in db.rows(_REMEMBER, [wall + _KEPT, db.array(wanted)])}
    return _first_of_each(request_keys, new)


#: Requests that come at the same time are remembered together.
_CLAIMS: GroupCommit[str, bool] = GroupCommit(claim)


def forget_expired(*, wall: datetime) -> None:
    """Forget the signatures of requests that would be too old by now, and answers kept long."""
    db.execute("DELETE FROM gateway_signature WHERE expires_at < %s", [wall])
    db.execute("DELETE FROM gateway_idempotency WHERE expires_at < %s", [wall])
