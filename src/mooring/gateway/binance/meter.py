"""
How much each address and account uses: counted in the process, shared by all once a second.

A statement for each request would cost more than answering it. So a process counts by itself,
and tells the table `gateway_usage` what was added since the last second, which answers with
what all processes have counted together: a limit may be passed by one second's requests at most.
"""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mooring.gateway import policies as gateway_policies
from mooring.gateway.binance.pacing import forget_expired
from mooring.gateway.binance.signing import milliseconds
from mooring.kernel import clock, db
from mooring.policies import api as policies

_MINUTE_MS: Final = 60_000
#: How often a process tells and asks; also how long limits are remembered.
_SHARED_EVERY_SECONDS: Final = 1.0

#: Whose use of what: a minute since 1970, an address or an account, a budget.
Use = tuple[int, str, str]

_SHARE: Final = """
    INSERT INTO gateway_usage AS usage (minute, subject, budget, units)
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[])
    ON CONFLICT (minute, subject, budget) DO UPDATE SET units = usage.units + EXCLUDED.units
    RETURNING minute, subject, budget, units
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the policies say, as they were at most a second ago."""

    is_strict: bool
    earn_interval_seconds: int
    ip_weight: int
    uid_weight: int
    spot_weight: int
    refusals_before_ban: int
    ban_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """
    What was used of a budget in this minute, this request included.

    Args:
        retry_after: seconds until it may go on; 0: it may.
        is_banned: it went on although it was told to stop.
    """

    units: int
    retry_after: int
    is_banned: bool


class Meter:
    """The counts of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: dict[Use, int] = defaultdict(int)
        self._unshared: dict[Use, int] = defaultdict(int)
        #: Until when, in milliseconds since 1970, an address is answered nothing else.
        self._banned: dict[str, int] = {}
        self._limits: Limits | None = None
        self._shared_at = -_SHARED_EVERY_SECONDS

    def limits(self, *, at: datetime) -> Limits:
        """Return the limits; share and read anew what is older than a second."""
        limits, now = self._limits, time.monotonic()
        if limits is not None and now - self._shared_at < _SHARED_EVERY_SECONDS:
            return limits
        with self._lock:
            self._shared_at = now
            unshared, self._unshared = self._unshared, defaultdict(int)
        self._share(unshared)
        forget_expired(wall=clock.wall())
        self._limits = limits = read_limits(at=at)
        return limits

    def spend(
        self, subject: str, budget: str, units: int, *, maximum: int, limits: Limits, wall: datetime
    ) -> Used:
        """Count a request and say whether it may go on."""
        now = milliseconds(wall)
        minute = now // _MINUTE_MS
        left = -(-((minute + 1) * _MINUTE_MS - now) // 1_000)
        with self._lock:
            until = self._banned.get(subject, 0)
            if until > now:
                return Used(units=0, retry_after=-(-(until - now) // 1_000), is_banned=True)
            use = (minute, subject, budget)
            self._used[use] += units
            self._unshared[use] += units
            used = self._used[use]
            if used <= maximum:
                return Used(units=used, retry_after=0, is_banned=False)
            refused = (minute, subject, "refused")
            self._used[refused] += 1
            self._unshared[refused] += 1
            if self._used[refused] < limits.refusals_before_ban:
                return Used(units=used, retry_after=left, is_banned=False)
            self._banned[subject] = now + limits.ban_seconds * 1_000
            return Used(units=used, retry_after=limits.ban_seconds, is_banned=True)

    def _share(self, unshared: dict[Use, int]) -> None:
        if not unshared:
            return
        # In one order everywhere, so that two processes never wait for each other.
        uses = sorted(unshared)
        found = db.rows(
            _SHARE,
            [
                [minute for minute, _, _ in uses],
                [subject for _, subject, _ in uses],
                [budget for _, _, budget in uses],
                [unshared[use] for use in uses],
            ],
        )
        newest = max(minute for minute, _, _ in uses)
        db.execute("DELETE FROM gateway_usage WHERE minute < %s", [newest - 1])
        with self._lock:
            for minute, subject, budget, units in found:
                # What this process counted meanwhile is not in the table yet.
                use = (minute, subject, budget)
                self._used[use] = units + self._unshared.get(use, 0)
            for use in [use for use in self._used if use[0] < newest - 1]:
                del self._used[use]
            for subject in [one for one, end in self._banned.items() if end < newest * _MINUTE_MS]:
                del self._banned[subject]


def read_limits(*, at: datetime) -> Limits:
    """Return the limits in force."""
    in_force = policies.in_force(at=at)
    return Limits(
        is_strict=in_force[gateway_policies.STRICT_SIGNATURES],
        earn_interval_seconds=in_force[gateway_policies.EARN_INTERVAL_SECONDS],
        ip_weight=in_force[gateway_policies.IP_WEIGHT_PER_MINUTE],
        uid_weight=in_force[gateway_policies.UID_WEIGHT_PER_MINUTE],
        spot_weight=in_force[gateway_policies.SPOT_WEIGHT_PER_MINUTE],
        refusals_before_ban=in_force[gateway_policies.REFUSALS_BEFORE_BAN],
        ban_seconds=in_force[gateway_policies.BAN_SECONDS],
    )
