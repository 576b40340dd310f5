"""
What notices decline.

    Refusal
    ├── NoticeNotFound       absent or another's: one answer
    ├── SecurityStaysOn      notices of security cannot be turned off
    ├── TicketNotFound       absent or another's: one answer
    ├── TicketTextMissing    a question or an answer without words, or with too many
    └── TooManyTickets       as many questions wait for an answer as may
"""

from mooring.kernel.errors import Refusal


class NoticeNotFound(Refusal):
    """No such notice in this person's inbox; another's is answered alike."""

    code = "notice_not_found"

    def __init__(self, *, notice_id: int) -> None:
        super().__init__("There is no such notice.")
        self.notice_id = notice_id


class SecurityStaysOn(Refusal):
    """Notices of security cannot be turned off: whoever took over an account would do it first."""

    code = "notice_security_stays_on"

    def __init__(self) -> None:
        super().__init__("Notices of security cannot be turned off.")


class TicketNotFound(Refusal):
    """No such question of this customer; another's is answered alike."""

    code = "ticket_not_found"

    def __init__(self, *, ticket_id: int) -> None:
        super().__init__("There is no such question.")
        self.ticket_id = ticket_id


class TicketTextMissing(Refusal):
    """A question or an answer has no words, or more than it may."""

    code = "ticket_text_missing"

    def __init__(self, *, longest: int) -> None:
        super().__init__(f"Write 1 to {longest} characters.")
        self.longest = longest


class TooManyTickets(Refusal):
    """As many questions wait for an answer as may at a time."""

    code = "ticket_too_many"

    def __init__(self, *, maximum: int) -> None:
        super().__init__(f"{maximum} questions wait for an answer already.")
        self.maximum = maximum
