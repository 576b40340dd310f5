"""Delete proofs that can prove nothing any more."""

from datetime import datetime, timedelta
from typing import Final

from mooring.accounts.models import Attempt, Code, StepUp, UsedTotpStep
from mooring.kernel import db

#: How long what has ended is kept: long enough to look into a complaint of today.
KEPT: Final = timedelta(days=1)


@db.transaction
def forget_proofs(*, wall: datetime) -> int:
    """
    Delete what ended a day ago: codes with their sign-ups, used steps, step-ups and attempts.

    A step's code is out of the window of three long before it is forgotten here.

    Args:
        wall: the real time, UTC.

    Returns:
        How many rows are gone.
    """
    before = wall - KEPT
    ended = [
        Code.objects.filter(expires_at__lt=before),
        UsedTotpStep.objects.filter(used_at__lt=before),
        StepUp.objects.filter(expires_at__lt=before),
        Attempt.objects.filter(window_start__lt=before),
    ]
    return sum(rows.delete()[0] for rows in ended)
