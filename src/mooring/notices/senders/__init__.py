"""
Ports to those who carry messages: mail, SMS, and a sandbox's own outbox.

A sender takes letters and tells of each, in their order, whether it was handed over. Which one
carries a channel is a setting; nothing else of notices knows who does.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as a sender needs it; `id` is the notice's, the same at every try."""

    id: int
    to: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    How it went with a letter.

    Args:
        failure: why it was not handed over; empty: it was.
        is_final: trying again would not help.
    """

    failure: str = ""
    is_final: bool = False


#: Yields an outcome for each letter as soon as it is known; raises nothing, and may be closed.
Sender = Callable[[Sequence[Letter]], Generator[Outcome]]


def sender_of(channel: str) -> Sender:
    """Return who carries a channel's messages."""
    sender: Sender = import_string(settings.NOTICE_SENDERS[channel])
    return sender
