"""The door of notices."""

# Actions
from mooring.notices.actions.answer_ticket import answer_ticket
from mooring.notices.actions.mark_read import mark_all_read, mark_read
from mooring.notices.actions.open_ticket import TEXT_MAX, Question, open_ticket
from mooring.notices.actions.set_preferences import set_preferences

# Refusals
from mooring.notices.errors import (
    NoticeNotFound,
    SecurityStaysOn,
    TicketNotFound,
    TicketTextMissing,
    TooManyTickets,
)

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
from mooring.notices.tickets import TicketView, get_ticket, list_open_tickets, list_tickets

__all__ = [
    "OPTIONAL_TOPICS",
    "TEXT_MAX",
    "Channel",
    "InboxNotice",
    "InboxPage",
    "NoticeNotFound",
    "OutboxMessage",
    "Question",
    "SecurityStaysOn",
    "TicketNotFound",
    "TicketTextMissing",
    "TicketView",
    "TooManyTickets",
    "Topic",
    "answer_ticket",
    "count_unread",
    "find_turned_off",
    "get_ticket",
    "list_inbox",
    "list_open_tickets",
    "list_outbox",
    "list_tickets",
    "mark_all_read",
    "mark_read",
    "open_ticket",
    "set_preferences",
]
