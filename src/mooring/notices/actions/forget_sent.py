"""Delete mails and SMS that nobody needs any more."""

from datetime import datetime

from mooring.kernel import db
from mooring.notices.models import Channel, Notice


@db.transaction
def forget_sent(*, recorded_before: datetime) -> int:
    """
    Delete mails and SMS that are over, and were written before a moment; return how many.

    The inbox stays: it is its person's.
    """
    over = [Notice.Status.SENT, Notice.Status.FAILED, Notice.Status.DISCARDED]
    found = Notice.objects.filter(
        channel__in=[Channel.EMAIL, Channel.SMS],
        status__in=over,
        recorded_at__lt=recorded_before,
    )
    return found.delete()[0]
