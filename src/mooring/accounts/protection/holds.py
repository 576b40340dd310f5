"""
Withdrawals wait after a change of security (WAL-8).

A hold is a row that is only added: the end of all of them is the latest end, so that nothing an
attacker or a hurried operator does shortens what has begun. Platform time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mooring.accounts import events
from mooring.accounts import policies as accounts_policies
from mooring.accounts.models import Account, Hold
from mooring.accounts.origin import Origin
from mooring.kernel import db
from mooring.policies import api as policies

Cause = Hold.Cause

_HOURS: Final[dict[Cause, policies.Policy[int]]] = {
    Cause.PASSWORD_CHANGED: accounts_policies.HOLD_PASSWORD_HOURS,
    Cause.FACTOR_ADDED: accounts_policies.HOLD_FACTOR_ADDED_HOURS,
    Cause.FACTOR_REMOVED: accounts_policies.HOLD_FACTOR_REMOVED_HOURS,
    Cause.LOWER_FACTOR: accounts_policies.HOLD_LOWER_FACTOR_HOURS,
    Cause.EMAIL_CHANGED: accounts_policies.HOLD_EMAIL_HOURS,
    Cause.PHONE_CHANGED: accounts_policies.HOLD_PHONE_HOURS,
    Cause.NEW_DEVICE: accounts_policies.HOLD_NEW_DEVICE_HOURS,
    Cause.RECOVERY: accounts_policies.HOLD_RECOVERY_HOURS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """A hold: why, since when, until when."""

    cause: Cause
    begins_at: datetime
    ends_at: datetime


@db.transaction_required
def begin_hold(
    account_id: int, cause: Cause, *, at: datetime, origin: Origin | None = None
) -> datetime | None:
    """
    Let withdrawals wait from now on, in the transaction of the cause.

    The duration is the policy in force now; another policy later changes nothing of it.

    Args:
        at: platform time, UTC.
        origin: where the change came from, for the record.

    Returns:
        When this hold ends; None where the policy asks for none.
    """
    hours = hold_hours(cause, at=at)
    if not hours:
        return None
    ends_at = at + timedelta(hours=hours)
    Hold.objects.create(account_id=account_id, cause=cause, begins_at=at, ends_at=ends_at)
    user_id = Account.objects.values_list("user_id", flat=True).get(id=account_id)
    if user_id is not None:
        events.record(
            events.Kind.HOLD_BEGUN,
            user_id=user_id,
            origin=origin,
            at=at,
            details={"cause": cause.value, "ends_at": ends_at.isoformat()},
        )
    return ends_at


def facts_of(held_until: datetime | None) -> dict[str, str]:
    """Return what a message says of a hold that `begin_hold` began; nothing where there is none."""
    return {"held_until": f"{held_until:%Y-%m-%d %H:%M} UTC"} if held_until else {}


def hold_hours(cause: Cause, *, at: datetime) -> int:
    """Return how many hours a hold that begins at `at` lasts; 0: there is none."""
    return policies.in_force(at=at)[_HOURS[cause]]


def withdrawals_held_until(account_id: int, *, at: datetime) -> datetime | None:
    """Return when the last hold of an account ends; None if none is running at `at`."""
    return max((hold.ends_at for hold in list_holds(account_id, at=at)), default=None)


def get_hold(account_id: int, hold_id: int) -> HoldView:
    """Return a hold of an account that there is, also one that has ended."""
    return _view(Hold.objects.get(account_id=account_id, id=hold_id))


def list_holds(account_id: int, *, at: datetime) -> tuple[HoldView, ...]:
    """Return the holds of an account that have not ended at `at`, the one that ends last first."""
    rows = Hold.objects.filter(account_id=account_id, ends_at__gt=at).order_by("-ends_at", "-id")
    return tuple(_view(row) for row in rows)


def _view(row: Hold) -> HoldView:
    return HoldView(cause=Cause(row.cause), begins_at=row.begins_at, ends_at=row.ends_at)
