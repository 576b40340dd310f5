"""
SMS, through an operator's gateway.

`POST` of `{"to": "+4915112345678", "text": "…", "id": "42"}` as JSON with a bearer token; any
2xx is "taken". The id is the same at every try, so that a gateway can leave out a repetition.
"""

import http.client
import json
import ssl
from collections.abc import Generator, Sequence
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from mooring.notices.senders import Letter, Outcome

TIMEOUT_SECONDS: Final = 10
#: Answers that blame the message itself; any other may be gone in a while.
_BLAMING: Final = frozenset({400, 413, 422})


def send(letters: Sequence[Letter]) -> Generator[Outcome]:
    """Hand letters to the gateway, each with a request of its own."""
    url = urlsplit(settings.SMS_URL)
    flaw = _flaw(url)
    for letter in letters:
        yield Outcome(failure=flaw, is_final=True) if flaw else _send(letter, url)


def _flaw(url: SplitResult) -> str:
    """Return why no SMS may be sent to this address; empty: it may."""
    if not url.hostname:
        return "no SMS gateway is configured"
    if url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.hostname)):
        return ""
    return "the SMS gateway must be reached by https"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _send(letter: Letter, url: SplitResult) -> Outcome:
    body = json.dumps({"to": letter.to, "text": letter.body, "id": str(letter.id)})
    headers = {"Content-Type": "application/json"}
    if settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
    path = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    connection = _connection(url)
    try:
        # http.client follows no redirect: the token and the number go to this host or nowhere.
        connection.request("POST", path, body=body.encode(), headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return Outcome(failure=f"the SMS gateway cannot be reached: {type(error).__name__}")
    finally:
        connection.close()
    return _outcome(status)


def _connection(url: SplitResult) -> http.client.HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "https":
        return http.client.HTTPSConnection(
            host, url.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, url.port, timeout=TIMEOUT_SECONDS)


def _outcome(status: int) -> Outcome:
    if http.HTTPStatus.OK <= status < http.HTTPStatus.MULTIPLE_CHOICES:
        return Outcome()
    return Outcome(failure=f"the SMS gateway answered {status}", is_final=status in _BLAMING)
