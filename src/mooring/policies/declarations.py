"""
Declarations of what an operator may set.

An app writes `FEE = policies.declare(key="earn.fee", kind=Decimal, ...)` at the top of its own
`policies.py`; a reader gets a typed value back: `policies.in_force(at=at)[FEE]` is a Decimal.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Generic, TypeVar

from mooring.kernel.money import plain
from mooring.policies.errors import UnknownPolicy, ValueOutOfRange

T = TypeVar("T", int, Decimal, bool, str)

#: Longest text a value may have.
VALUE_LENGTH_MAX: Final = 200
_KEY: Final = re.compile(r"[a-z]+(\.[a-z][a-z0-9_]*)+")
_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,18})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Generic[T]):
    """
    A declared policy; `minimum` and `maximum` belong to the range, and None is no bound.

    Args:
        unit: what one of it is (`hours`, `fraction per year`), for people.
    """

    key: str
    kind: type[T]
    default: T
    description: str
    unit: str
    minimum: T | None = None
    maximum: T | None = None
    choices: tuple[T, ...] = ()

    def parse(self, text: str) -> T:
        """
        Read a value from its text and check it.

        Raises:
            ValueOutOfRange: the text is no value of this kind, or outside the range.
        """
        try:
            value: T = _READERS[self.kind](text)
        except (ValueError, InvalidOperation) as error:
            raise self._out_of_range(text) from error
        self.check(value)
        return value

    def check(self, value: T) -> None:
        """
        Refuse a value of another kind or outside the range.

        Raises:
            ValueOutOfRange: see above.
        """
        # `type` and not `isinstance`: True is an int, and no number of hours.
        if type(value) is not self.kind or (isinstance(value, Decimal) and not value.is_finite()):
            raise self._out_of_range(value)
        if len(self.text_of(value)) > VALUE_LENGTH_MAX:
            raise self._out_of_range(value)
        if self.minimum is not None and value < self.minimum:
            raise self._out_of_range(value)
        if self.maximum is not None and value > self.maximum:
            raise self._out_of_range(value)
        if self.choices and value not in self.choices:
            raise self._out_of_range(value)

    def text_of(self, value: T) -> str:
        """Write a value the way `parse` reads it."""
        if isinstance(value, bool):
            return "true" if value else "false"
        return plain(value) if isinstance(value, Decimal) else str(value)

    def _out_of_range(self, value: object) -> ValueOutOfRange:
        return ValueOutOfRange(
            key=self.key,
            value=str(value),
            minimum=None if self.minimum is None else self.text_of(self.minimum),
            maximum=None if self.maximum is None else self.text_of(self.maximum),
            choices=tuple(self.text_of(choice) for choice in self.choices),
        )


#: A policy whatever the kind of its value.
AnyPolicy = Policy[int] | Policy[Decimal] | Policy[bool] | Policy[str]

_DECLARED: Final[dict[str, AnyPolicy]] = {}


def declare(  # noqa: PLR0913 - a form with this many fields
    *,
    key: str,
    kind: type[T],
    default: T,
    description: str,
    unit: str = "",
    minimum: T | None = None,
    maximum: T | None = None,
    choices: tuple[T, ...] = (),
) -> Policy[T]:
    """
    Declare a policy, once, when the module of an app is imported.

    Args:
        key: `app.name`, permanent: rows in the database carry it.
        kind: int, Decimal, bool or str.
        default: in force until an operator sets something else.
        minimum, maximum: bounds that are themselves allowed.
        choices: the allowed values, if there are only some.

    Raises:
        ValueError: the key is malformed or declared twice: a mistake of the programmer.
        ValueOutOfRange: the default is outside its own range.
    """
    if not _KEY.fullmatch(key):
        message = f"a policy's key is written `app.name`, not {key!r}"
        raise ValueError(message)
    if key in _DECLARED:
        message = f"the policy {key} is declared twice"
        raise ValueError(message)
    policy = Policy(
        key=key,
        kind=kind,
        default=default,
        description=description,
        unit=unit,
        minimum=minimum,
        maximum=maximum,
        choices=choices,
    )
    policy.check(default)
    _DECLARED[key] = policy
    return policy


def declared() -> tuple[AnyPolicy, ...]:
    """Return every declared policy, by key."""
    return tuple(_DECLARED[key] for key in sorted(_DECLARED))


def get_policy(key: str) -> AnyPolicy:
    """
    Return the declared policy of a key.

    Raises:
        UnknownPolicy: no app declares it.
    """
    if key not in _DECLARED:
        raise UnknownPolicy(key=key)
    return _DECLARED[key]


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


_READERS: Final[dict[type, Callable[[str], Any]]] = {
    int: _integer,
    Decimal: _decimal,
    bool: _boolean,
    str: str,
}
