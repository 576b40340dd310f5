"""
A request as its bytes say it: where its parameters stand, and what of it was signed.

Parameters come in the query string or the body, in any order, whatever the header says the body
is: clients send JSON's content type with a form in it, or with nothing (rules 2, 3 and 5 of the
compatible API). Nothing is decoded twice, and nothing that is ambiguous is taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from mooring.gateway.binance.errors import (
    DuplicateParameter,
    IllegalCharacters,
    MixedParameters,
    TooManyParameters,
)

#: More than any request of the exchange needs.
BODY_BYTES_MAX: Final = 16_384
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
QUERY_BYTES_MAX: Final = 16_384
PARAMETERS_MAX: Final = 100

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WireRequest:
    """
    What came in.

    Args:
        query, body: as sent, the signature taken out.
        signature: as sent, decoded; None: there was none.
        parameters: by name in small letters; those of the query win over the body's.
    """

    method: str
    path: str
    query: bytes
    body: bytes
    signature: str | None
    parameters: Mapping[str, str]
    pairs: Pairs

    @property
    def payload(self) -> bytes:
        """What was signed if the client signs what it sends: no separator stands between."""
        return self.query + self.body

    @property
    def decoded_payload(self) -> bytes | None:
        """
        What was signed if the client signs before it encodes; None if that is ambiguous.

        Split again, the decoded text must give the very same parameters: otherwise an encoded
        `&` or `=` would move the border between two of them under the same signature.
        """
        if not _is_encoded(self.payload):
            return self.payload
        text = _decoded(self.payload)
        again = tuple(_pair(part) for part in text.split(b"&") if part)
        if again != tuple((name.encode(), value.encode()) for name, value in self.pairs):
            return None
        return text


def read_request(environ: Mapping[str, Any]) -> WireRequest:
    """
    Read a request of WSGI.

    Raises:
        TooManyParameters: it is longer than any request needs.
        DuplicateParameter: a name twice in the query string, or twice in the body.
        MixedParameters: it changes something and has parameters in both.
        IllegalCharacters: what is no text, or a name or a value with control characters in it.
    """
    method = str(environ["REQUEST_METHOD"])
    query = str(environ.get("QUERY_STRING", "")).encode("latin-1", "replace")
    body = _body(environ)
    if len(query) > QUERY_BYTES_MAX or len(body) > BODY_BYTES_MAX:
        raise TooManyParameters
    query_signatures, query_rest = _split(query)
    body_signatures, body_rest = _split(body)
    if len(query_signatures) + len(body_signatures) > 1:
        raise DuplicateParameter
    if len(query_rest) + len(body_rest) > PARAMETERS_MAX:
        raise TooManyParameters
    if method != "GET" and query_rest and body_rest:
        raise MixedParameters
    in_query, in_body = _texts(query_rest), _texts(body_rest)
    parameters = {**_by_name(in_body), **_by_name(in_query)}
    signatures = _texts((*query_signatures, *body_signatures))
    return WireRequest(
        method=method,
        path=str(environ.get("PATH_INFO", "")),
        query=b"&".join(query_rest),
        body=b"&".join(body_rest),
        signature=signatures[0][1] if signatures else None,
        parameters=parameters,
        pairs=in_query + in_body,
    )


def _body(environ: Mapping[str, Any]) -> bytes:
    """Return the body, or a byte more than is taken; a GET's is read like any other."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > BODY_BYTES_MAX:
        raise TooManyParameters
    if length == 0 and environ.get("HTTP_TRANSFER_ENCODING"):
        length = BODY_BYTES_MAX + 1
    return bytes(environ["wsgi.input"].read(length)) if length > 0 else b""


def _split(text: bytes) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Return the parts that are signatures, and the others, in order."""
    # An empty text has no part; empty parts between two `&` were signed like the others.
    parts = text.split(b"&") if text else []
    signatures: list[bytes] = []
    others: list[bytes] = []
    for part in parts:
        (signatures if _name(part) == b"signature" else others).append(part)
    return tuple(signatures), tuple(others)


def _name(part: bytes) -> bytes:
    return _decoded(part.partition(b"=")[0]).lower()


def _pair(part: bytes) -> tuple[bytes, bytes]:
    name, _, value = part.partition(b"=")
    return name, value


def _is_encoded(text: bytes) -> bool:
    return b"%" in text or b"+" in text


def _decoded(text: bytes) -> bytes:
    if not _is_encoded(text):
        return text
    return unquote_to_bytes(text.replace(b"+", b" "))


def _texts(parts: tuple[bytes, ...]) -> Pairs:
    found = []
    for part in filter(None, parts):
        name, value = _pair(part)
        try:
            pair = (_decoded(name).decode(), _decoded(value).decode())
        except UnicodeDecodeError as error:
            raise IllegalCharacters(parameter="?", legal="UTF-8") from error
        if _CONTROL.search(pair[0]) or _CONTROL.search(pair[1]):
            raise IllegalCharacters(parameter=pair[0][:32].strip(), legal="printable characters")
        found.append(pair)
    return tuple(found)


def _by_name(pairs: Pairs) -> dict[str, str]:
    by_name = {name.lower(): value for name, value in pairs}
    if len(by_name) != len(pairs):
        raise DuplicateParameter
    return by_name
