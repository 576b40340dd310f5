"""
What notices decline.

    Refusal
    ├── NoticeNotFound       absent or another's: one answer
    └── SecurityStaysOn      notices of security cannot be turned off
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
