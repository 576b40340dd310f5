"""What the pages of notices show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mooring.notices import api as notices

_TOPICS: Final = {
    notices.Topic.SECURITY: _("Security"),
    notices.Topic.ACCOUNT: _("Account and verification"),
    notices.Topic.EARN: _("Earn"),
}
_CHANNELS: Final = {
    notices.Channel.INBOX: _("Inbox"),
    notices.Channel.EMAIL: _("E-mail"),
    notices.Channel.SMS: _("SMS"),
}
#: How an outbox row is doing, and with which meaning it is coloured.
STATUSES: Final = {
    "WAITING": (_("Waiting"), "wait"),
    "SENDING": (_("Being sent"), "wait"),
    "SENT": (_("Handed over"), "good"),
    "FAILED": (_("Failed"), "loss"),
    "DISCARDED": (_("Discarded: nobody gets it"), ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One choice: a topic on a channel."""

    name: str
    topic: str | Promise
    channel: str | Promise
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The boxes of a topic."""

    topic: str | Promise
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of the outbox with its status in words."""

    message: notices.OutboxMessage
    status: str | Promise
    meaning: str


def channels_offered() -> tuple[notices.Channel, ...]:
    """Return the channels that people may choose: SMS only where SMS can be sent."""
    return tuple(
        channel for channel in _CHANNELS if channel != notices.Channel.SMS or settings.SMS_AVAILABLE
    )


def choices_of(user_id: int) -> tuple[Choices, ...]:
    """Return what a person may turn on and off, as it is now."""
    off = notices.find_turned_off(user_id=user_id)
    return tuple(
        Choices(
            topic=_TOPICS[topic],
            boxes=tuple(
                Box(
                    name=f"{topic}.{channel}",
                    topic=_TOPICS[topic],
                    channel=_CHANNELS[channel],
                    is_on=(topic, channel) not in off,
                )
                for channel in channels_offered()
            ),
        )
        for topic in notices.OPTIONAL_TOPICS
    )


def shown(messages: Sequence[notices.OutboxMessage]) -> tuple[Shown, ...]:
    """Return messages of the outbox in words."""
    return tuple(
        Shown(message=message, status=STATUSES[message.status][0], meaning=meaning)
        for message in messages
        for meaning in [STATUSES[message.status][1]]
    )
