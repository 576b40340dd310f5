"""Send the code that is asked for between password and log-in."""

from datetime import datetime, timedelta

from mooring.accounts.models import Code
from mooring.accounts.origin import Origin
from mooring.accounts.policies import CODES_SENT_PER_HOUR, CODES_SENT_PER_HOUR_CONFIRMED
from mooring.accounts.proofs import codes, factors
from mooring.accounts.proofs.factors import CHANNELS, Factor
from mooring.kernel import db
from mooring.policies import api as policies


@db.transaction
def send_log_in_code(
    *, user_id: int, factor: Factor, binding: str, origin: Origin, at: datetime
) -> codes.IssuedCode | None:
    """
    Send a code for one pending log-in; those sent for it before end.

    Args:
        factor: `EMAIL` or `SMS`.
        binding: the pending log-in.
        at: platform time, for the message.

    Returns:
        None where this is no factor of the person's, or too many were sent within an hour.
    """
    if factor not in CHANNELS or factor not in factors.usable_factors(user_id):
        return None
    sent = Code.objects.filter(
        user_id=user_id,
        purpose=codes.Purpose.LOG_IN,
        issued_at__gt=origin.wall - timedelta(hours=1),
    ).count()
    limit = CODES_SENT_PER_HOUR if origin.device_id is None else CODES_SENT_PER_HOUR_CONFIRMED
    if sent >= policies.in_force(at=at)[limit]:
        return None
    return codes.issue(
        purpose=codes.Purpose.LOG_IN,
        channel=CHANNELS[factor],
        to=factors.contact_of(user_id, factor),
        user_id=user_id,
        origin=origin,
        at=at,
        binding=binding,
    )
