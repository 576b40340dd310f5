"""What the forms of questions send."""

from django.http import QueryDict


def read_redemption(sent: QueryDict) -> int | None:
    """Return which redemption a question is about; None for none, and for what is no number."""
    typed = sent.get("redemption", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 18 else None  # noqa: PLR2004 - a row's number


def read_text(sent: QueryDict) -> str:
    """Return what was written."""
    return sent.get("text", "")
