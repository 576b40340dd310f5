"""Make a browser one that a person has confirmed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mooring.accounts import events
from mooring.accounts.models import Account, Channel, Code, User
from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_log_in
from mooring.accounts.policies import CODES_SENT_PER_HOUR
from mooring.accounts.presence import devices
from mooring.accounts.proofs import codes
from mooring.accounts.proofs.codes import CodeVerdict, Purpose
from mooring.accounts.protection.holds import Cause, begin_hold, facts_of
from mooring.kernel import db
from mooring.policies import api as policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """
    A log-in between password and device.

    Args:
        binding: its name, which codes for it are bound to.
        epoch: of the person's log-ins, when the password was right.
    """

    binding: str
    epoch: int


def confirming_contact(user_id: int) -> tuple[Channel, str]:
    """Return where codes go that confirm a person's browsers: the address, else the number."""
    email, phone = User.objects.values_list("email", "phone").get(id=user_id)
    return (Channel.EMAIL, email) if email else (Channel.SMS, phone or "")


@db.transaction
def send_device_code(
    *, user_id: int, binding: str, origin: Origin, at: datetime
) -> codes.IssuedCode | None:
    """
    Send the code that confirms a browser, by mail, or by SMS where there is no address.

    Args:
        binding: the pending log-in. The code confirms nothing else: passed on, it lets nobody
            else's browser in.
        at: platform time, for the message.

    Returns:
        None where too many were sent within an hour.
    """
    since = origin.wall - timedelta(hours=1)
    sent = Code.objects.filter(user_id=user_id, purpose=Purpose.NEW_DEVICE, issued_at__gt=since)
    # Who knows a password can use them up; the person's own browsers are confirmed and need none.
    if sent.count() >= policies.in_force(at=at)[CODES_SENT_PER_HOUR]:
        return None
    channel, to = confirming_contact(user_id)
    return codes.issue(
        purpose=Purpose.NEW_DEVICE,
        channel=channel,
        to=to,
        user_id=user_id,
        origin=origin,
        at=at,
        binding=binding,
    )


@db.transaction
def confirm_device(
    *, user_id: int, code_id: UUID, text: str, pending: Pending, origin: Origin, at: datetime
) -> tuple[CodeVerdict, str]:
    """
    Try the code that confirms a browser; if it is right, withdrawals are held from here on.

    Take a budget from the throttle before this.

    Args:
        text: the code as typed.
        pending: the log-in that waits for it; over with the next epoch.
        at: platform time, UTC.

    Returns:
        The verdict, and the token for the browser's cookie; empty if the code is not right.
    """
    if not lock_log_in(user_id, epoch=pending.epoch):
        return CodeVerdict.SPENT_OR_EXPIRED, ""
    verdict = codes.check(
        code_id,
        text,
        purpose=Purpose.NEW_DEVICE,
        user_id=user_id,
        wall=origin.wall,
        binding=pending.binding,
    )
    if verdict is CodeVerdict.RIGHT:
        return verdict, _add(user_id=user_id, origin=origin, at=at)
    events.record(
        events.Kind.CODE_REFUSED,
        user_id=user_id,
        origin=origin,
        at=at,
        details={"action": "new_device"},
    )
    return verdict, ""


@db.transaction
def add_device(*, user_id: int, origin: Origin, at: datetime) -> str:
    """Remember a browser without a code of its own; its token. Withdrawals are held from here."""
    return _add(user_id=user_id, origin=origin, at=at)


@db.transaction
def add_first_device(*, user_id: int, origin: Origin) -> str:
    """Remember the browser of a sign-up and return its token; nothing changes, nothing is held."""
    return devices.confirm(user_id=user_id, origin=origin)[1]


def _add(*, user_id: int, origin: Origin, at: datetime) -> str:
    _device_id, token = devices.confirm(user_id=user_id, origin=origin)
    account_id = Account.objects.filter(user_id=user_id).values_list("id", flat=True).first()
    facts = {}
    if account_id is not None:
        facts = facts_of(begin_hold(account_id, Cause.NEW_DEVICE, at=at, origin=origin))
    events.record(events.Kind.DEVICE_ADDED, user_id=user_id, origin=origin, at=at, details=facts)
    return token
