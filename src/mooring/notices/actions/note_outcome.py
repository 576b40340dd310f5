"""Note how it went with a message that was claimed."""

from datetime import datetime

from django.conf import settings
from django.db.models import F

from mooring.kernel import db
from mooring.notices.models import Notice
from mooring.notices.rules.retrying import TRIES_MAX, delay_after
from mooring.notices.senders import Outcome

_FAILURE_LENGTH_MAX = 200


@db.transaction
def note_outcome(
    notice_id: int, outcome: Outcome, *, claimed_until: datetime, wall: datetime
) -> None:
    """
    Mark a message as sent, as given up, or to be tried again after a while.

    Nothing is changed where the claim ran out and another has it: its outcome is the one to keep.
    What is over holds no secret any more, except in a sandbox, whose outbox is read.

    Args:
        wall: the real time, UTC.
    """
    notice = (
        Notice.objects.select_for_update()
        .filter(id=notice_id, status=Notice.Status.SENDING, next_try_at=claimed_until)
        .first()
    )
    if notice is None:
        return
    notice.failure = outcome.failure[:_FAILURE_LENGTH_MAX]
    notice.next_try_at = None
    if not outcome.failure:
        notice.status = Notice.Status.SENT
        notice.sent_at = wall
    elif outcome.is_final or notice.tries >= TRIES_MAX:
        notice.status = Notice.Status.FAILED
    else:
        notice.status = Notice.Status.WAITING
        notice.next_try_at = wall + delay_after(notice.tries)
    if notice.is_secret and notice.next_try_at is None and not settings.SANDBOX:
        notice.body = ""
    notice.save(update_fields=["status", "next_try_at", "sent_at", "failure", "body"])


@db.transaction
def give_back(notice_ids: list[int], *, claimed_until: datetime, wall: datetime) -> None:
    """Give back messages that were claimed and not tried; it costs them no try."""
    Notice.objects.filter(
        id__in=notice_ids, status=Notice.Status.SENDING, next_try_at=claimed_until
    ).update(status=Notice.Status.WAITING, next_try_at=wall, tries=F("tries") - 1)
