"""
Lines of the log: UTC, one line each, and no secret in them.

An address can hold a token that opens something, and whoever reads logs must not hold it: the
framework writes down what was refused by its path, a server the whole of it. Which part of an
address is a token is read from the addresses themselves, so that a new one cannot be forgotten.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.urls import URLResolver, get_resolver

HIDDEN: Final = "[hidden]"
#: Parts of addresses that could hold a token and are known to everybody.
PUBLIC_PARTS: Final = frozenset({"code"})

#: Like `secrets.token_urlsafe`: a part that takes this takes a token.
_TOKEN: Final = "Aa0_-Zz9" * 5
_PART: Final = re.compile(r"%\((\w+)\)s")
_REST: Final = r"[^\s\"'<>()]+"
_QUERY: Final = re.compile(r"(/[^\s?\"'<>()]*\?)" + _REST)
#: What looks random wherever it stands, as in an address that somebody broke in two.
_RANDOM: Final = re.compile(
    r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*[0-9])[\w-]{20,}(?![\w-])", re.ASCII
)
#: PostgreSQL says there which values it did not take.
_VALUES: Final = re.compile(r"(DETAIL: ).*")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class Lines(logging.Formatter):
    """When, how grave, who says it, what; a stack below it, indented: no line can be forged."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record."""
        when = datetime.fromtimestamp(record.created, UTC)
        stamp = f"{when:%Y-%m-%dT%H:%M:%S}.{int(record.msecs):03d}Z"
        said = _readable(record.getMessage()).replace("\n", "\\n")
        lines = [f"{stamp} {record.levelname} {record.name}: {said}"]
        if record.exc_info and record.exc_info[0] is not None:
            lines += _readable(self.formatException(record.exc_info)).split("\n")
        if record.stack_info:
            lines += _readable(self.formatStack(record.stack_info)).split("\n")
        return "\n    ".join(lines)


def without_secrets(text: str) -> str:
    """Return a text with nothing in it that opens anything: tokens, and what follows a "?"."""
    # A process that serves no pages has not loaded the addresses, and does not for this: they may
    # be what another thread loads, which waits to write a line.
    if hasattr(sys.modules.get(settings.ROOT_URLCONF), "urlpatterns"):
        tokens, without_any = _addresses(get_resolver())
        text = tokens.sub(lambda found: _hide(found, without_any), text)
    return _VALUES.sub(rf"\1{HIDDEN}", _RANDOM.sub(HIDDEN, _QUERY.sub(rf"\1{HIDDEN}", text)))


def _readable(text: str) -> str:
    """Return a text without secrets, and with nothing in it that moves a cursor or ends a line."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", without_secrets(text))


def _hide(found: re.Match[str], without_any: re.Pattern[str]) -> str:
    path = found[0].partition("?")[0]
    return found[0] if without_any.fullmatch(path) else f"{found[1]}{HIDDEN}"


@cache
def _addresses(resolver: URLResolver) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return how addresses with a token begin, with what follows, and how those without look."""
    heads, whole = set(), []
    for template, token in _templates(resolver):
        if token:
            heads.add(template.partition(f"%({token})s")[0])
        else:
            whole.append(_pattern(template))
    # The longest first, because one may begin like another.
    beginnings = "|".join(_pattern(head) for head in sorted(heads, key=len, reverse=True))
    return re.compile(f"({beginnings}){_REST}"), re.compile("|".join(whole))


def _templates(resolver: URLResolver) -> Iterator[tuple[str, str]]:
    """Yield every address as `path/%(part)s`, with its first part that holds a token, or ""."""
    for _name, found in resolver.reverse_dict.lists():
        for possibilities, _regex, _defaults, converters in found:
            for template, parts in possibilities:
                tokens = (part for part in parts if _takes_token(part, converters))
                yield template, next(tokens, "")


def _takes_token(part: str, converters: Mapping[str, Any]) -> bool:
    """Return whether a part may be a token; one without a converter may."""
    if part in PUBLIC_PARTS:
        return False
    return part not in converters or bool(re.fullmatch(converters[part].regex, _TOKEN))


def _pattern(template: str) -> str:
    return "/" + r"[^/\s]+".join(re.escape(text) for text in _PART.split(template)[::2])
