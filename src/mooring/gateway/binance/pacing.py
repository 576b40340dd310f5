"""What is written before a request is carried out: that it was, and when the account's last was."""

from datetime import datetime, timedelta

from mooring.gateway.binance import errors
from mooring.gateway.binance.signing import Caller
from mooring.kernel import db

_PACE = """
    INSERT INTO gateway_pace AS pace (account_id, last_at) VALUES (%s, %s)
    ON CONFLICT (account_id) DO UPDATE SET last_at = EXCLUDED.last_at
    WHERE pace.last_at <= %s
    RETURNING 1
"""
_REMEMBER = """
    INSERT INTO gateway_signature (request_key, expires_at) VALUES (%s, %s)
    ON CONFLICT (request_key) DO NOTHING
    RETURNING 1
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
    if not interval_seconds:
        return
    before = wall - timedelta(seconds=interval_seconds)
    if not db.rows(_PACE, [caller.holder.account_id, wall, before]):
        raise TooFast


def carry_out_once(caller: Caller, *, wall: datetime) -> None:
    """
    Remember that this request is carried out.

    Raises:
        SentBefore: it was, on this path or another.
    """
    if not db.rows(_REMEMBER, [caller.request_key, wall + _KEPT]):
        raise errors.SentBefore


def forget_expired(*, wall: datetime) -> None:
    """Forget the signatures of requests that would be too old by now."""
    db.execute("DELETE FROM gateway_signature WHERE expires_at < %s", [wall])
