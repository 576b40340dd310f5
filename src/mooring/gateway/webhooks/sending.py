"""One try: a connection to an address that was looked at, a request, the status of the answer."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from mooring.gateway.webhooks import addresses
from mooring.gateway.webhooks.errors import WebhookAddressRefused

#: From the first packet to the end of the answer's head.
SECONDS_MAX: Final = 10.0


class Failure(StrEnum):
    """Why there was no answer."""

    ADDRESS = "not an address that we connect to"
    CERTIFICATE = "the certificate is not good"
    ENDED = "the webhook was ended"
    NO_ANSWER = "no connection, or no answer"
    TOO_SLOW = "no answer in time"
    WORKER = "the worker ended while sending it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    How a try went.

    Args:
        answered: the status of HTTP; None where there was no answer.
        failure: why it does not count as taken; empty if it does.
    """

    answered: int | None = None
    failure: str = ""


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the name means by then."""

    def __init__(self, target: addresses.Target, address: addresses.Address) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS_MAX)
        # It says the port only where it is another.
        self.default_port = 443 if target.is_secure else 80
        self._target, self._address = target, address

    def connect(self) -> None:
        """Connect to the address, and over TLS to who can prove to be the name."""
        self.sock = socket.create_connection(
            (str(self._address), self._target.port), timeout=SECONDS_MAX
        )
        if self._target.is_secure:
            self.sock = _tls().wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            # Only now, when there is something to cut.
            self.sock.do_handshake()

    def cut(self) -> None:
        """End it from another thread; whoever waits for it gets an error."""
        if self.sock is not None:
            # Also of a connection over TLS, which waits for a farewell otherwise.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def post(url: str, *, body: bytes, headers: Mapping[str, str], to_loopback: bool) -> Outcome:
    """Post a message and return how it went; raises nothing that the other side can cause."""
    try:
        target = addresses.read_url(url, to_loopback=to_loopback)
        address = addresses.resolve(target, to_loopback=to_loopback)
    except WebhookAddressRefused:
        return Outcome(failure=Failure.ADDRESS)
    connection = _Pinned(target, address)
    # A time limit for each read leaves a side that sends a byte now and then for ever.
    deadline = threading.Timer(SECONDS_MAX, _cut, [connection])
    deadline.daemon = True
    deadline.start()
    try:
        # http.client follows no redirect.
        connection.request(
            "POST",
            target.path,
            body=body,
            headers={"Content-Type": "application/json", "User-Agent": "Mooring", **headers},
        )
        answered = connection.getresponse().status
    except ssl.SSLCertVerificationError:
        return Outcome(failure=Failure.CERTIFICATE)
    except TimeoutError:
        return Outcome(failure=Failure.TOO_SLOW)
    except (OSError, http.client.HTTPException, ValueError):
        return Outcome(failure=Failure.NO_ANSWER)
    finally:
        deadline.cancel()
        connection.close()
    return _outcome(answered)


def _cut(connection: _Pinned) -> None:
    try:
        connection.cut()
    except OSError:
        # It was over already.
        return


def _outcome(answered: int) -> Outcome:
    if http.HTTPStatus.OK <= answered < http.HTTPStatus.MULTIPLE_CHOICES:
        return Outcome(answered=answered)
    return Outcome(answered=answered, failure=f"answered {answered}")
