"""Where a request came from, and when it really was."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """
    The circumstances of a request about somebody's security.

    Args:
        wall: the real time, UTC. Proofs, codes and sessions live in it even in a sandbox, where
            the platform's clock may be moved.
        ip: the address on the net, from the last hop that is ours.
        user_agent: as the browser said, cut to 300 characters.
        session_id: the `LoginSession` it belongs to; None before log-in.
        device_id: the confirmed `Device` it came from; None for a browser we do not know.
        device_name: such as "Firefox on Linux"; empty for programs and operators.
        language: in which its person reads.
    """

    wall: datetime
    ip: str
    user_agent: str = ""
    session_id: int | None = None
    device_id: int | None = None
    device_name: str = ""
    language: str = "en"
