"""Change the password of somebody who is logged in."""

from datetime import datetime
from uuid import UUID

from mooring.accounts import events
from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_person
from mooring.accounts.presence import sessions
from mooring.accounts.proofs import codes, step_up
from mooring.accounts.protection.holds import Cause, begin_hold, facts_of
from mooring.kernel import db

ACTION = "password.change"


@db.transaction
def change_password(*, account_id: int, step_up_id: UUID, origin: Origin, at: datetime) -> None:
    """
    Set the password that was confirmed, and end whatever the old one had opened.

    Every other log-in ends, and so do codes and confirmations under way; withdrawals are held.
    The log-in of the request stays: rotate it afterwards.

    Args:
        step_up_id: its datum `password` is the new password's hash, sealed.
        at: platform time, UTC.

    Raises:
        AccountNotOpen, StepUpNotProven.
    """
    person = lock_person(account_id)
    data = step_up.spend(
        step_up_id,
        action=ACTION,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )
    person.password = step_up.unsealed(data["password"], action=ACTION, user_id=person.pk)
    person.save(update_fields=["password"])
    sessions.end_sessions(
        person.pk,
        end=sessions.End.SECURITY,
        wall=origin.wall,
        except_session_id=origin.session_id,
    )
    codes.end_codes(user_id=person.pk, wall=origin.wall)
    step_up.end_step_ups(user_id=person.pk)
    held_until = begin_hold(account_id, Cause.PASSWORD_CHANGED, at=at, origin=origin)
    events.record(
        events.Kind.PASSWORD_CHANGED,
        user_id=person.pk,
        origin=origin,
        at=at,
        details=facts_of(held_until),
    )
