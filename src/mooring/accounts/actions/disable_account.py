"""Freeze an account."""

from datetime import datetime

from django.db.models import Q

from mooring.accounts import events
from mooring.accounts.errors import AccountNotOpen
from mooring.accounts.keys.api_keys import end_api_keys
from mooring.accounts.locks import lock_not_closed
from mooring.accounts.models import Account, ApiKey, Code, Recovery, User
from mooring.accounts.origin import Origin
from mooring.accounts.presence import sessions
from mooring.accounts.proofs import codes, step_up
from mooring.kernel import db


@db.transaction
def disable_account(*, user_id: int, origin: Origin | None, wall: datetime, at: datetime) -> bool:
    """
    Freeze a person's account against every way in: log-ins, keys, codes, confirmations, recovery.

    Its money stays and goes on earning. Only a recovery with verification opens it again.

    Args:
        origin: where the request came from; perhaps a mailbox, with nobody logged in. None for
            an operator, whose own place is nothing to tell a customer.
        wall: the real time, UTC.
        at: platform time, UTC.

    Returns:
        Whether it was open until now; False where it was frozen already.

    Raises:
        AccountNotOpen: there is no such account, or it is closed.
    """
    account_id = Account.objects.filter(user_id=user_id).values_list("id", flat=True).first() or 0
    if not lock_not_closed([account_id]):
        raise AccountNotOpen(account_id=account_id)
    frozen = Account.objects.filter(id=account_id, status=Account.Status.OPEN).update(
        status=Account.Status.DISABLED, disabled_at=at
    )
    if not frozen:
        # Asked for since it was frozen, perhaps by whom it was frozen against.
        if _cancel_recoveries(account_id, at=at):
            events.record(events.Kind.RECOVERY_CANCELLED, user_id=user_id, origin=origin, at=at)
        return False
    sessions.end_sessions(user_id, end=sessions.End.SECURITY, wall=wall)
    end_api_keys(account_id, end=ApiKey.End.DISABLED, at=at, origin=origin)
    _end_ways_in(user_id, account_id, wall=wall, at=at)
    events.record(events.Kind.ACCOUNT_DISABLED, user_id=user_id, origin=origin, at=at)
    return True


def _end_ways_in(user_id: int, account_id: int, *, wall: datetime, at: datetime) -> None:
    codes.end_codes(user_id=user_id, wall=wall)
    step_up.end_step_ups(user_id=user_id)
    person = User.objects.get(id=user_id)
    contacts = [contact for contact in (person.email, person.phone) if contact]
    # A sign-up belongs to nobody yet: it is found by where its code went.
    sign_ups = Q(purpose=Code.Purpose.SIGN_UP, sent_to__in=contacts, spent_at__isnull=True)
    Code.objects.filter(sign_ups).update(spent_at=wall)
    _cancel_recoveries(account_id, at=at)


def _cancel_recoveries(account_id: int, *, at: datetime) -> int:
    return Recovery.objects.filter(
        account_id=account_id, completed_at__isnull=True, cancelled_at__isnull=True
    ).update(cancelled_at=at)
