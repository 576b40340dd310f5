"""Send the code that proves a step-up."""

from datetime import datetime
from uuid import UUID

from mooring.accounts.errors import StepUpNotFound
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes, factors, step_up
from mooring.accounts.proofs.factors import CHANNELS, Factor
from mooring.kernel import db


@db.transaction
def send_step_up_code(
    step_up_id: UUID, factor: Factor, *, user_id: int, origin: Origin, at: datetime
) -> bool:
    """
    Send a code that proves this step-up and nothing else; those sent for it before end.

    Args:
        factor: `EMAIL` or `SMS`; one that the person uses as a factor, or the only way there is.
        at: platform time, for the message.

    Returns:
        Whether one was sent; False where the step-up is over or this is no way for the person.

    Raises:
        StepUpNotFound: absent, another person's, or of another session.
    """
    row = step_up.lock(step_up_id, user_id=user_id, session_id=origin.session_id)
    if row is None:
        raise StepUpNotFound
    is_over = step_up.is_over(row, wall=origin.wall)
    if is_over or factor not in CHANNELS or factor not in factors.usable_factors(user_id):
        return False
    codes.issue(
        purpose=codes.Purpose.STEP_UP,
        channel=CHANNELS[factor],
        to=factors.contact_of(user_id, factor),
        user_id=user_id,
        origin=origin,
        at=at,
        binding=str(row.id),
        facts={"action": row.action},
    )
    return True
