"""Send the code of a second factor to who sets a new password."""

from datetime import datetime
from uuid import UUID

from mooring.accounts.entrance.reset_grants import find_grant
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes, factors
from mooring.accounts.proofs.factors import CHANNELS, Factor
from mooring.kernel import db


@db.transaction
def send_reset_factor_code(
    grant_id: UUID, factor: Factor, *, origin: Origin, at: datetime
) -> codes.IssuedCode | None:
    """
    Send a code for one grant; those sent for it before end.

    Take a budget from the throttle before this.

    Args:
        factor: `EMAIL` or `SMS`.
        at: platform time, for the message.

    Returns:
        None where the grant is over, or this is no factor of its person.
    """
    grant = find_grant(grant_id, wall=origin.wall)
    if grant is None or grant.user_id is None:
        return None
    if factor not in CHANNELS or factor not in factors.usable_factors(grant.user_id):
        return None
    return codes.issue(
        purpose=codes.Purpose.PASSWORD_RESET,
        channel=CHANNELS[factor],
        to=factors.contact_of(grant.user_id, factor),
        user_id=grant.user_id,
        origin=origin,
        at=at,
        binding=str(grant.pk),
    )
