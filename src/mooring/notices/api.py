"""The door of notices."""

# Actions
from mooring.notices.actions.mark_read import mark_all_read, mark_read
from mooring.notices.actions.set_preferences import set_preferences

# Refusals
from mooring.notices.errors import NoticeNotFound, SecurityStaysOn

# Types
from mooring.notices.models import Channel, Topic

# Queries
from mooring.notices.queries import (
    OPTIONAL_TOPICS,
    InboxNotice,
    InboxPage,
    OutboxMessage,
    count_unread,
    find_turned_off,
    list_inbox,
    list_outbox,
)

__all__ = [
    "OPTIONAL_TOPICS",
    "Channel",
    "InboxNotice",
    "InboxPage",
    "NoticeNotFound",
    "OutboxMessage",
    "SecurityStaysOn",
    "Topic",
    "count_unread",
    "find_turned_off",
    "list_inbox",
    "list_outbox",
    "mark_all_read",
    "mark_read",
    "set_preferences",
]
