"""What follows when the factors of a person change: who is told, what waits, what ends."""

from collections.abc import Mapping
from datetime import datetime

from allauth.mfa.models import Authenticator

from mooring.accounts import events
from mooring.accounts.origin import Origin
from mooring.accounts.presence import sessions
from mooring.accounts.proofs import codes, recovery_codes, step_up
from mooring.accounts.protection.holds import Cause, begin_hold, facts_of
from mooring.kernel import db


@db.transaction_required
def note_added(
    *, account_id: int, user_id: int, details: Mapping[str, str], origin: Origin, at: datetime
) -> None:
    """
    Record a factor that was added, let withdrawals wait, and end what else is under way.

    Every other log-in ends: it was begun without the factor.
    """
    facts = {
        **details,
        **facts_of(begin_hold(account_id, Cause.FACTOR_ADDED, at=at, origin=origin)),
    }
    events.record(events.Kind.FACTOR_ADDED, user_id=user_id, origin=origin, at=at, details=facts)
    end_what_else_is_open(user_id, origin=origin)


@db.transaction_required
def note_removed(
    *, account_id: int, user_id: int, details: Mapping[str, str], origin: Origin, at: datetime
) -> None:
    """
    Record a factor that was removed, let withdrawals wait, and end what else is under way.

    Every other log-in, code and confirmation ends; the log-in of the request stays.
    """
    held_until = begin_hold(account_id, Cause.FACTOR_REMOVED, at=at, origin=origin)
    facts = {**details, **facts_of(held_until)}
    events.record(events.Kind.FACTOR_REMOVED, user_id=user_id, origin=origin, at=at, details=facts)
    end_what_else_is_open(user_id, origin=origin)


@db.transaction_required
def end_what_else_is_open(user_id: int, *, origin: Origin) -> None:
    """End every log-in of a person but that of the request, every code and every step-up."""
    sessions.end_sessions(
        user_id,
        end=sessions.End.SECURITY,
        wall=origin.wall,
        except_session_id=origin.session_id,
    )
    codes.end_codes(user_id=user_id, wall=origin.wall)
    step_up.end_step_ups(user_id=user_id)


@db.transaction_required
def with_first_recovery_codes(*, user_id: int, origin: Origin, at: datetime) -> tuple[str, ...]:
    """Make recovery codes beside the first strong factor; none where the person has some."""
    if Authenticator.objects.filter(
        user_id=user_id, type=Authenticator.Type.RECOVERY_CODES
    ).exists():
        return ()
    return new_recovery_codes(user_id=user_id, origin=origin, at=at)


@db.transaction_required
def new_recovery_codes(
    *, user_id: int, origin: Origin, at: datetime, held_until: datetime | None = None
) -> tuple[str, ...]:
    """
    Make recovery codes and record it; return them, to be shown once.

    Args:
        held_until: of the hold that begins because of them, for the message.
    """
    made = recovery_codes.make(user_id=user_id, wall=origin.wall)
    events.record(
        events.Kind.RECOVERY_CODES_MADE,
        user_id=user_id,
        origin=origin,
        at=at,
        details=facts_of(held_until),
    )
    return made
