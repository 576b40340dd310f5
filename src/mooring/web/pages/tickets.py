"""Questions to the operator, as their pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from mooring.notices import api as notices
from mooring.web.pages import redemptions
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a question is about: a redemption, and what the platform says of it."""

    redemption_id: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """A question with its answer; `redemption_id` if it is about one."""

    id: int
    account_id: int
    title: str
    redemption_id: int | None
    about: str
    text: str
    status_name: str
    tone: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


def about(visit: Visit, redemption_id: int | None) -> About | None:
    """
    Return what a question about a redemption carries; None where it is about none.

    Raises:
        RedemptionNotFound: absent, or another's.
    """
    if redemption_id is None:
        return None
    page = redemptions.page_of(visit, redemption_id)
    return About(redemption_id=redemption_id, words=page.report)


def question_of(about: About | None, text: str) -> notices.Question:
    """Return what is asked."""
    if about is None:
        return notices.Question(text=text)
    return notices.Question(
        text=text,
        subject="REDEMPTION",
        reference=str(about.redemption_id),
        about=about.words[:300],
    )


def rows_of(tickets: Iterable[notices.TicketView]) -> tuple[TicketRow, ...]:
    """Return questions as rows."""
    return tuple(row_of(ticket) for ticket in tickets)


def row_of(ticket: notices.TicketView) -> TicketRow:
    """Return a question as a row."""
    is_open = ticket.status == "OPEN"
    about_one = ticket.subject == "REDEMPTION"
    title = _("Redemption %(id)s") % {"id": ticket.reference} if about_one else _("Question")
    return TicketRow(
        id=ticket.id,
        account_id=ticket.account_id,
        title=title,
        redemption_id=int(ticket.reference) if about_one else None,
        about=ticket.about,
        text=ticket.text,
        status_name=_("Waits for an answer") if is_open else _("Answered"),
        tone="wait" if is_open else "good",
        asked_at=ticket.asked_at,
        answer=ticket.answer,
        answered_at=ticket.answered_at,
    )
