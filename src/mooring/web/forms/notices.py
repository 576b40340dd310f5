"""What pages of notices are asked for."""

from collections.abc import Sequence
from typing import Final

from django.http import QueryDict

from mooring.notices import api as notices

#: Longer numbers of rows there are not (a bigint has 19 digits).
_DIGITS_MAX: Final = 18
#: The longest address, and no NUL, which PostgreSQL does not compare with.
_TO_LENGTH_MAX: Final = 254


def read_number(text: str) -> int | None:
    """Return the number of a row; None for what is none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX
    return int(text) if is_number else None


def read_to(sent: QueryDict) -> str:
    """Return whose messages are asked for, as addresses and numbers are written in the outbox."""
    return sent.get("to", "").replace("\x00", "").strip().lower()[:_TO_LENGTH_MAX]


def read_choices(
    sent: QueryDict, channels: Sequence[notices.Channel]
) -> dict[tuple[notices.Topic, notices.Channel], bool]:
    """Return on or off for each box of the page: one that is not ticked is not sent."""
    ticked = set(sent.getlist("on"))
    return {
        (topic, channel): f"{topic}.{channel}" in ticked
        for topic in notices.OPTIONAL_TOPICS
        for channel in channels
    }
