"""Open a ticket: a customer asks the operator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mooring.accounts import api as accounts
from mooring.kernel import db
from mooring.notices import policies as notices_policies
from mooring.notices.errors import TicketTextMissing, TooManyTickets
from mooring.notices.models import Ticket
from mooring.policies import api as policies

#: Characters of a question or an answer.
TEXT_MAX: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    What a customer asks.

    Args:
        subject: of `Ticket.Subject`.
        reference: what it is about, such as the id of the customer's redemption; who asks for
            them has looked that it is theirs.
        about: what the platform says of it: asset, amount, state.
    """

    text: str
    subject: str = "OTHER"
    reference: str = ""
    about: str = ""


@db.transaction
def open_ticket(*, account_id: int, question: Question, at: datetime) -> int:
    """
    Open a ticket and return its id; the same question that still waits is not opened twice.

    Args:
        at: platform time, UTC.

    Raises:
        AccountNotOpen, TicketTextMissing, TooManyTickets.
    """
    if account_id not in accounts.lock_open([account_id]):
        raise accounts.AccountNotOpen(account_id=account_id)
    text = clean_text(question.text)
    waiting = Ticket.objects.filter(account_id=account_id, status=Ticket.Status.OPEN)
    same = waiting.filter(subject=question.subject, reference=question.reference, text=text).first()
    if same is not None:
        return same.pk
    maximum = policies.in_force(at=at)[notices_policies.OPEN_TICKETS_MAX]
    if waiting.count() >= maximum:
        raise TooManyTickets(maximum=maximum)
    return Ticket.objects.create(
        account_id=account_id,
        subject=question.subject,
        reference=question.reference,
        about=question.about,
        text=text,
        asked_at=at,
    ).pk


def clean_text(text: str) -> str:
    """
    Return what was written, without blanks around it.

    Raises:
        TicketTextMissing: nothing is left, it is too long, or holds what is no text.
    """
    cleaned = "\n".join(text.replace("\x00", "").strip().splitlines())
    if not cleaned or len(cleaned) > TEXT_MAX:
        raise TicketTextMissing(longest=TEXT_MAX)
    return cleaned
