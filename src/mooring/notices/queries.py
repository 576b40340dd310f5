"""Reads of notices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from mooring.notices.catalogue import TOPICS
from mooring.notices.models import Channel, Notice, Preference, Topic

INBOX_PAGE: Final = 20

#: Topics that can be turned off, and of which there are notices.
OPTIONAL_TOPICS: Final = tuple(
    topic for topic in Topic if topic != Topic.SECURITY and topic in TOPICS.values()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxNotice:
    """A notice as its person reads it here; times are platform time."""

    id: int
    kind: str
    topic: str
    subject: str
    body: str
    written_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """A page of the inbox, newest first; `older` is the id to continue before, if there is more."""

    notices: tuple[InboxNotice, ...]
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """A mail or SMS as it was written; `written_at` is platform time, `sent_at` the wall's."""

    id: int
    to: str
    channel: str
    kind: str
    language: str
    subject: str
    body: str
    status: str
    failure: str
    written_at: datetime
    sent_at: datetime | None


def list_inbox(*, user_id: int, before: int | None = None, limit: int = INBOX_PAGE) -> InboxPage:
    """Return a person's inbox, newest first, or what is older than a notice."""
    found = _inbox(user_id)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: limit + 1])
    shown = rows[:limit]
    return InboxPage(
        notices=tuple(_of_inbox(row) for row in shown),
        older=shown[-1].pk if len(rows) > limit else None,
    )


def count_unread(*, user_id: int) -> int:
    """Return how many notices in a person's inbox are not read."""
    return _inbox(user_id).filter(read_at__isnull=True).count()


def list_outbox(*, to: str = "", limit: int = 50) -> tuple[OutboxMessage, ...]:
    """
    Return the latest mails and SMS to anybody, or to an address or number, newest first.

    For doors of a sandbox only: a body may hold a code.
    """
    found = Notice.objects.exclude(channel=Channel.INBOX)
    if to:
        found = found.filter(to=to)
    return tuple(_of_outbox(row) for row in found.order_by("-id")[:limit])


def find_turned_off(*, user_id: int) -> frozenset[tuple[str, str]]:
    """Return what a person turned off, as topic and channel."""
    rows = Preference.objects.filter(user_id=user_id, is_on=False)
    return frozenset(rows.values_list("topic", "channel"))


def _inbox(user_id: int) -> QuerySet[Notice]:
    return Notice.objects.filter(user_id=user_id, channel=Channel.INBOX, status=Notice.Status.SENT)


def _of_inbox(row: Notice) -> InboxNotice:
    return InboxNotice(
        id=row.pk,
        kind=row.kind,
        topic=row.topic,
        subject=row.subject,
        body=row.body,
        written_at=row.written_at,
        is_read=row.read_at is not None,
    )


def _of_outbox(row: Notice) -> OutboxMessage:
    return OutboxMessage(
        id=row.pk,
        to=row.to,
        channel=row.channel,
        kind=row.kind,
        language=row.language,
        subject=row.subject,
        body=row.body,
        status=row.status,
        failure=row.failure,
        written_at=row.written_at,
        sent_at=row.sent_at,
    )
