"""Mark notices of an inbox as read."""

from datetime import datetime

from mooring.kernel import db
from mooring.notices.errors import NoticeNotFound
from mooring.notices.models import Channel, Notice


@db.transaction
def mark_read(*, user_id: int, notice_id: int, at: datetime) -> None:
    """
    Mark a notice as read; one that was read stays as it is.

    Args:
        at: platform time, UTC.

    Raises:
        NoticeNotFound: it is not in this person's inbox.
    """
    notice = Notice.objects.filter(
        id=notice_id, user_id=user_id, channel=Channel.INBOX, status=Notice.Status.SENT
    )
    if not notice.exists():
        raise NoticeNotFound(notice_id=notice_id)
    notice.filter(read_at__isnull=True).update(read_at=at)


@db.transaction
def mark_all_read(*, user_id: int, through: int, at: datetime) -> int:
    """
    Mark a person's notices as read, and return how many were not.

    Args:
        through: the id of the newest that they have seen: what came since stays unread.
        at: platform time, UTC.
    """
    return Notice.objects.filter(
        user_id=user_id,
        channel=Channel.INBOX,
        status=Notice.Status.SENT,
        read_at__isnull=True,
        id__lte=through,
    ).update(read_at=at)
