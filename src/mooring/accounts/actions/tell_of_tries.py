"""Write down for their people what strangers tried."""

from datetime import datetime

from mooring.accounts.entrance import noted_tries
from mooring.kernel import db


@db.transaction
def tell_of_tries(*, wall: datetime) -> int:
    """
    Make events of what was noted in hours that are over, and forget what was about nobody.

    Args:
        wall: the real time, UTC.

    Returns:
        How many events were written.
    """
    return noted_tries.tell_of_past_hours(wall=wall)
