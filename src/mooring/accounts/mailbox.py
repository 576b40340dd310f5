"""Where a sandbox keeps the mails that a browser caused: in its session."""

from typing import Any, Final

#: The session key of the mailbox, and how many mails it keeps.
MAILBOX_KEY: Final = "sandbox_mails"
_SIZE: Final = 5


def with_mail(mails: list[dict[str, Any]], mail: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the mailbox with one more mail, newest first."""
    return [mail, *mails][:_SIZE]
