"""
The parameters of endpoints: declared once, read and refused alike everywhere.

A parameter's name is matched whatever its letter case (rule 9 of the compatible API). An empty
optional one is as good as none; unknown ones are ignored, as clients send what only some
endpoints know.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar, overload

from django.utils.translation import gettext_noop as _

from mooring.gateway.binance.errors import (
    IllegalCharacters,
    IntervalTooLong,
    ParameterInvalid,
    ParameterMissing,
)

Value = TypeVar("Value")

#: Pages. Source: the exchange's manual of Simple Earn.
PAGE_SIZE: Final = 10
PAGE_SIZE_MAX: Final = 100
#: Pages further on are empty anyway, and their numbers fit the database's.
_PAGE_MAX: Final = 1_000_000
#: Milliseconds since 1970 until the year 2286.
_TIME_MAX: Final = 10**13 - 1
_ID_MAX: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Generic[Value]):
    """
    A parameter of an endpoint.

    Args:
        read: makes a value of a text that is not empty; raises one of `errors`, given the name.
        default: what it is if it was not sent; not asked for a required one.
        legal: what is allowed, for the page of developers: a pattern, a range, or words that
            are marked for translation.
        example: a value that is allowed.
    """

    name: str
    read: Callable[[str, str], Value]
    is_required: bool
    default: Any = None
    legal: str
    example: str


class Values:
    """The values of an endpoint's parameters in one request."""

    __slots__ = ("_values",)

    def __init__(self, parameters: tuple[Parameter[Any], ...], sent: Mapping[str, str]) -> None:
        """
        Read what was sent.

        Raises:
            ParameterMissing, ParameterInvalid, IllegalCharacters: of the first that is wrong.
        """
        self._values: dict[str, Any] = {}
        for parameter in parameters:
            text = sent.get(parameter.name.lower(), "")
            if text:
                self._values[parameter.name] = parameter.read(parameter.name, text)
            elif parameter.is_required:
                raise ParameterMissing(parameter=parameter.name)
            else:
                self._values[parameter.name] = parameter.default

    def __getitem__(self, parameter: Parameter[Value]) -> Value:
        """Return the value of a parameter that the endpoint declares."""
        value: Value = self._values[parameter.name]
        return value

    def text(self, name: str) -> str | None:
        """Return the value of a declared parameter that is a text; None if there is none."""
        value: str | None = self._values[name]
        return value


# --- what is declared ---


@overload
def required(name: str, kind: "Kind[Value]") -> Parameter[Value]: ...
@overload
def required(name: str, kind: "Kind[Value]", *, example: str) -> Parameter[Value]: ...
def required(name: str, kind: "Kind[Value]", *, example: str = "") -> Parameter[Value]:
    """Declare a parameter that must be sent."""
    return Parameter(
        name=name,
        read=kind.read,
        is_required=True,
        legal=kind.legal,
        example=example or kind.example,
    )


def optional(name: str, kind: "Kind[Value]", *, example: str = "") -> Parameter[Value | None]:
    """Declare a parameter that may be sent; None if it was not."""
    return Parameter(
        name=name,
        read=kind.read,
        is_required=False,
        legal=kind.legal,
        example=example or kind.example,
    )


def defaulting(
    name: str, kind: "Kind[Value]", default: Value, *, example: str = ""
) -> Parameter[Value]:
    """Declare a parameter that has a value of its own if it was not sent."""
    return Parameter(
        name=name,
        read=kind.read,
        is_required=False,
        default=default,
        legal=kind.legal,
        example=example or kind.example,
    )


# --- kinds ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Value]):
    """How a text becomes a value, and what is allowed."""

    read: Callable[[str, str], Value]
    legal: str
    example: str


def matching(pattern: str, *, example: str) -> Kind[str]:
    """Texts of a pattern; anything else holds illegal characters."""
    compiled = re.compile(pattern, re.ASCII)

    def read(name: str, text: str) -> str:
        if not compiled.fullmatch(text):
            raise IllegalCharacters(parameter=name, legal=f"^{pattern}$")
        return text

    return Kind(read=read, legal=pattern, example=example)


def one_of(*values: str) -> Kind[str]:
    """One of a few words, in any letter case."""

    def read(name: str, text: str) -> str:
        if text.upper() not in values:
            raise ParameterInvalid(parameter=name)
        return text.upper()

    return Kind(read=read, legal=" | ".join(values), example=values[0])


def _read_boolean(name: str, text: str) -> bool:
    # Rule 9: one client writes `True`, others `true`.
    found = {"true": True, "false": False}.get(text.lower())
    if found is None:
        raise ParameterInvalid(parameter=name)
    return found


def whole(minimum: int, maximum: int) -> Kind[int]:
    """Whole numbers of a range."""

    def read(name: str, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,20}", text, re.ASCII):
            raise IllegalCharacters(parameter=name, legal="^[0-9]{1,20}$")
        number = int(text)
        if not minimum <= number <= maximum:
            raise ParameterInvalid(parameter=name)
        return number

    return Kind(read=read, legal=f"{minimum}–{maximum}", example=str(max(1, minimum)))


def _read_time(name: str, text: str) -> datetime:
    number = whole(0, _TIME_MAX).read(name, text)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=number)


BOOLEAN: Final = Kind(read=_read_boolean, legal="true | false", example="true")
ID: Final = whole(1, _ID_MAX)
TIME: Final = Kind(read=_read_time, legal=_("milliseconds since 1970"), example="1767225600000")
ASSET: Final = matching(r"[A-Z0-9]{2,16}", example="USDT")
PRODUCT: Final = matching(r"[A-Za-z0-9*._-]{1,32}", example="USDT001")
#: What an amount looks like; how many decimals it may have is its asset's (`Call.amount`).
AMOUNT: Final = matching(r"[0-9]{1,20}(\.[0-9]{1,20})?", example="100.5")

# --- parameters that many endpoints have ---

CURRENT: Final = defaulting("current", whole(1, _PAGE_MAX), 1)
SIZE: Final = defaulting("size", whole(1, PAGE_SIZE_MAX), PAGE_SIZE, example="10")
START_TIME: Final = optional("startTime", TIME)
END_TIME: Final = optional("endTime", TIME)
PAGE: Final = (CURRENT, SIZE)
WINDOW: Final = (START_TIME, END_TIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when until when, both included."""

    start: datetime
    end: datetime


def read_window(values: Values, *, at: datetime, default: timedelta, longest: timedelta) -> Window:
    """
    Return the times that a history is asked for.

    Neither: the last `default`; one of them: as long from, or up to, it.

    Raises:
        ParameterInvalid: it ends before it begins.
        IntervalTooLong: it is longer than `longest`.
    """
    start, end = values[START_TIME], values[END_TIME]
    if end is None:
        end = at if start is None else start + default
    if start is None:
        start = end - default
    if start > end:
        raise ParameterInvalid(parameter="startTime")
    if end - start > longest:
        raise IntervalTooLong
    return Window(start=start, end=end)
