"""Answer a ticket: somebody of staff writes, and the customer is told."""

from datetime import datetime

from mooring.accounts import api as accounts
from mooring.kernel import db
from mooring.notices.actions.open_ticket import clean_text
from mooring.notices.errors import TicketNotFound
from mooring.notices.models import Ticket


@db.transaction
def answer_ticket(*, ticket_id: int, text: str, staff_id: int, at: datetime) -> None:
    """
    Answer a ticket that waits; one that was answered keeps its answer.

    Args:
        staff_id: the log-in of who answers.
        at: platform time, UTC.

    Raises:
        TicketNotFound, TicketTextMissing.
    """
    ticket = Ticket.objects.select_for_update().filter(id=ticket_id).first()
    if ticket is None:
        raise TicketNotFound(ticket_id=ticket_id)
    answer = clean_text(text)
    if ticket.status != Ticket.Status.OPEN:
        return
    ticket.status = Ticket.Status.ANSWERED
    ticket.answer = answer
    ticket.answered_at = at
    ticket.answered_by_id = staff_id
    ticket.save(update_fields=["status", "answer", "answered_at", "answered_by"])
    owner = accounts.find_owners([ticket.account_id]).get(ticket.account_id)
    if owner is not None:
        message = accounts.Message(
            kind="ticket_answered", user_id=owner, facts={"ticket": str(ticket.pk)}
        )
        accounts.tell([message], at=at)
