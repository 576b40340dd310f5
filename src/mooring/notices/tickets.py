"""Reads of tickets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mooring.notices.errors import TicketNotFound
from mooring.notices.models import Ticket

_SHOWN: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A question and its answer; times are platform time."""

    id: int
    account_id: int
    subject: str
    reference: str
    about: str
    text: str
    status: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


def list_tickets(*, account_id: int) -> tuple[TicketView, ...]:
    """Return a customer's questions, newest first."""
    found = Ticket.objects.filter(account_id=account_id).order_by("-id")[:_SHOWN]
    return tuple(_view(row) for row in found)


def get_ticket(*, account_id: int, ticket_id: int) -> TicketView:
    """
    Return one question.

    Raises:
        TicketNotFound: absent, or another customer's.
    """
    found = Ticket.objects.filter(account_id=account_id, id=ticket_id).first()
    if found is None:
        raise TicketNotFound(ticket_id=ticket_id)
    return _view(found)


def list_open_tickets() -> tuple[TicketView, ...]:
    """Return the questions that wait for an answer, oldest first; for staff."""
    found = Ticket.objects.filter(status=Ticket.Status.OPEN).order_by("id")[:_SHOWN]
    return tuple(_view(row) for row in found)


def _view(row: Ticket) -> TicketView:
    return TicketView(
        id=row.pk,
        account_id=row.account_id,
        subject=row.subject,
        reference=row.reference,
        about=row.about,
        text=row.text,
        status=row.status,
        asked_at=row.asked_at,
        answer=row.answer,
        answered_at=row.answered_at,
    )
