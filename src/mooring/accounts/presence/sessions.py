"""
Where people are logged in.

Django keeps what belongs to a browser's session; whether that session is a log-in, since when
and how it ended, is said by `LoginSession` alone: a session of Django's without an open one is
logged out at its next request. All times are of the wall.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import F, Q

from mooring.accounts import policies as account_policies
from mooring.accounts.errors import SessionOver
from mooring.accounts.models import Account, LoginSession, User
from mooring.accounts.origin import Origin
from mooring.accounts.queries import Profile, being_recovered
from mooring.kernel import db
from mooring.policies import api as policies

End = LoginSession.End

#: How often the last use is written down; what is read needs no more.
TOUCH: Final = timedelta(minutes=1)
#: How long it is kept who was logged in from where: for whoever looks into an old theft.
KEPT: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """
    A log-in that has not ended.

    Args:
        device_id: the confirmed device it belongs to; None if that has been revoked or is unknown.
        profile: the person's account; None for staff.
    """

    id: int
    user_id: int
    device_id: int | None
    begun_at: datetime
    seen_at: datetime
    profile: Profile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a log-in lasts: unused, and at all."""

    idle: timedelta
    absolute: timedelta


_SHORTEST: Final = Limits(
    idle=timedelta(minutes=account_policies.SESSION_IDLE_MINUTES.minimum or 0),
    absolute=timedelta(hours=account_policies.SESSION_ABSOLUTE_HOURS.minimum or 0),
)


def limits(*, at: datetime) -> Limits:
    """Return the limits in force at `at`, platform time."""
    snapshot = policies.in_force(at=at)
    return Limits(
        idle=timedelta(minutes=snapshot[account_policies.SESSION_IDLE_MINUTES]),
        absolute=timedelta(hours=snapshot[account_policies.SESSION_ABSOLUTE_HOURS]),
    )


@db.transaction_required
def begin_session(*, user_id: int, session_key: str, device_id: int | None, origin: Origin) -> int:
    """
    Write down that a person is logged in, and return the session's id.

    Args:
        session_key: of Django's session, after it was rotated for the log-in.
        device_id: the confirmed device; None where none is needed.
    """
    return LoginSession.objects.create(
        user_id=user_id,
        device_id=device_id,
        session_key=session_key,
        user_agent=origin.user_agent,
        ip=origin.ip,
        begun_at=origin.wall,
        seen_at=origin.wall,
    ).pk


def find_session(session_key: str, *, user_id: int) -> OpenSession | None:
    """Return the open log-in of a session of Django's, with its account; None if there is none."""
    found = (
        LoginSession.objects.filter(session_key=session_key, user_id=user_id, ended_at__isnull=True)
        .values_list(
            "id",
            "device_id",
            "device__revoked_at",
            "begun_at",
            "seen_at",
            "user__account__id",
            "user__account__display_currency",
            "user__account__status",
            being_recovered("user__account__id"),
        )
        .first()
    )
    if found is None:
        return None
    session_id, device_id, revoked_at, begun_at, seen_at, *account = found
    account_id, currency, status, is_recovered = account
    profile = None
    if account_id is not None:
        profile = Profile(
            account_id=account_id,
            display_currency=currency,
            is_open=status == Account.Status.OPEN,
            is_recovered=is_recovered,
        )
    return OpenSession(
        id=session_id,
        user_id=user_id,
        device_id=device_id if revoked_at is None else None,
        begun_at=begun_at,
        seen_at=seen_at,
        profile=profile,
    )


def find_end(session_key: str) -> str | None:
    """Return how the log-in of a session of Django's ended; None if there was none, or it lasts."""
    ended = LoginSession.objects.filter(session_key=session_key, ended_at__isnull=False)
    return ended.order_by("-id").values_list("end", flat=True).first()


def end_due(session: OpenSession, *, wall: datetime, at: datetime) -> str | None:
    """
    Return why a log-in is over now; None if it goes on.

    Args:
        wall: the real time, in which log-ins live.
        at: platform time, whose limits hold.
    """
    if session.profile is not None and not session.profile.is_open:
        return End.SECURITY
    age, idle = wall - session.begun_at, wall - session.seen_at
    if age < _SHORTEST.absolute and idle < _SHORTEST.idle:
        # No operator can have set less: most requests need not ask what is set.
        return None
    in_force = limits(at=at)
    if age >= in_force.absolute:
        return End.AGE
    return End.IDLE if idle >= in_force.idle else None


def touch(session: OpenSession, *, ip: str, wall: datetime) -> None:
    """Write down that a log-in, and its device, are in use; at most once a minute."""
    if wall - session.seen_at < TOUCH:
        return
    db.execute(
        "WITH touched AS ("
        "UPDATE accounts_login_session SET seen_at = %s, ip = %s::inet"
        " WHERE id = %s AND ended_at IS NULL AND seen_at <= %s RETURNING device_id)"
        " UPDATE accounts_device SET seen_at = greatest(seen_at, %s), ip = %s::inet"
        " WHERE id IN (SELECT device_id FROM touched) AND revoked_at IS NULL",
        [wall, ip, session.id, wall - TOUCH, wall, ip],
    )


@db.transaction_required
def rotate(session: SessionBase, *, session_id: int) -> None:
    """
    Give a log-in a new key; whoever holds a copy of the old one is out.

    The session also takes over the person's present password, so that who changes it stays in.

    Args:
        session: Django's, of the request that asks.

    Raises:
        SessionOver: the log-in has been ended meanwhile.
    """
    row = (
        LoginSession.objects.select_for_update(no_key=True, of=("self",))
        .select_related("user")
        .filter(id=session_id, ended_at__isnull=True)
        .first()
    )
    if row is None or row.session_key != session.session_key:
        raise SessionOver
    session.cycle_key()
    row.session_key = session.session_key
    row.save(update_fields=["session_key"])
    session[HASH_SESSION_KEY] = row.user.get_session_auth_hash()


@db.transaction_required
def lock_sessions(user_id: int) -> None:
    """Lock who is logged in, then every open log-in: two who end each other's take turns."""
    list(User.objects.select_for_update(no_key=True).filter(id=user_id).values_list("id"))
    rows = LoginSession.objects.select_for_update(no_key=True)
    list(rows.filter(user_id=user_id, ended_at__isnull=True).order_by("id").values_list("id"))


@db.transaction_required
def end_sessions(
    user_id: int, *, end: str, wall: datetime, except_session_id: int | None = None
) -> int:
    """
    End every log-in of a person, but for one; return how many there were.

    Those that still wait for a second factor or a device end too, by the epoch.

    Args:
        except_session_id: the log-in of the request that asks, where it goes on. Rotate it too
            where a copy of it may be the reason for asking.
        end: why, one of `LoginSession.End`.
    """
    User.objects.filter(id=user_id).update(log_in_epoch=F("log_in_epoch") + 1)
    return end_where(Q(user_id=user_id) & ~Q(id=except_session_id or 0), end=end, wall=wall)


@db.transaction_required
def end_where(which: Q, *, end: str, wall: datetime) -> int:
    """End the open log-ins that `which` describes, with Django's sessions; return how many."""
    found = list(
        LoginSession.objects.select_for_update(no_key=True)
        .filter(which, ended_at__isnull=True)
        .order_by("id")
        .values_list("id", "session_key")
    )
    ids, keys = [session_id for session_id, _key in found], [key for _id, key in found]
    LoginSession.objects.filter(id__in=ids).update(ended_at=wall, end=end)
    Session.objects.filter(session_key__in=keys).delete()
    return len(found)


@db.transaction_required
def forget(*, wall: datetime) -> None:
    """Delete log-ins a year after they ended, and sessions of Django's that are over."""
    LoginSession.objects.filter(ended_at__lt=wall - KEPT).delete()
    Session.objects.filter(expire_date__lt=wall).delete()
