"""
How accounts tells people something, without knowing how messages are written or sent.

`notices` stands above accounts and registers its writer when the apps are ready, as products do
with closing. The writer puts rows into the outbox in the transaction of the cause; nothing is
sent in it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from mooring.kernel import db
from mooring.kernel.errors import Fault

#: The channel of a message that is read here only.
INBOX: Final = "INBOX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """
    Something to tell a person.

    Args:
        kind: names the templates, such as `logged_in` or `code_sign_up`.
        user_id: whom it is about; None where nobody is known.
        channel: `EMAIL` or `SMS` to reach exactly `to`, `INBOX` for the inbox alone; empty
            for what every security event does: the inbox, and mail to the stored address (SMS
            where there is no address).
        to: the address or number, with `EMAIL` or `SMS`.
        language: in which it is written, where `user_id` is None; otherwise the person's own.
        facts: what the templates show, as text by name.
        is_secret: it holds a code or a token: gone from the outbox once it is sent.
        is_delivered: False writes the row and sends nothing: a request about somebody unknown
            does the same work as one about somebody known.
    """

    kind: str
    user_id: int | None
    channel: str = ""
    to: str = ""
    language: str = "en"
    facts: Mapping[str, str] = field(default_factory=dict)
    is_secret: bool = False
    is_delivered: bool = True


#: Writes messages into the outbox: `(messages, *, at)`.
Writer = Callable[..., None]

_WRITERS: Final[list[Writer]] = []


class NobodyWrites(Fault):
    """No app has registered as the writer of messages: people would not be told."""


def register(writer: Writer) -> None:
    """Make `writer` the one that puts messages into the outbox; called in `AppConfig.ready`."""
    _WRITERS[:] = [writer]


@db.transaction_required
def tell(messages: Sequence[Message], *, at: datetime) -> None:
    """
    Put messages into the outbox, in the transaction of their cause.

    Args:
        at: platform time, UTC.

    Raises:
        NobodyWrites: no writer is registered.
    """
    if not _WRITERS:
        raise NobodyWrites("messages cannot be written: no app has registered")
    if messages:
        _WRITERS[0](messages, at=at)
