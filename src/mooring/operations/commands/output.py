"""How commands answer: JSON for programs, tables for people."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import click

from mooring.kernel.money import Amount, plain

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """Let a command take `--json` as the argument `as_json`."""
    option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    decorated: F = option(command)
    return decorated


def answer(result: object, *, as_json: bool, human: Callable[[], None]) -> None:
    """Print a result as JSON, or let `human` print it."""
    if as_json:
        click.echo(json.dumps(jsonable(result), ensure_ascii=False))
    else:
        human()


def jsonable(value: object) -> Any:
    """Return a value as JSON has it: amounts and decimals as strings, times ISO 8601 in UTC."""
    if isinstance(value, Amount | Decimal):
        return plain(value.number if isinstance(value, Amount) else value)
    if isinstance(value, datetime):
        return iso(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    return value


def iso(at: datetime) -> str:
    """Write a time as ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def utc(at: datetime | None) -> str:
    """Write a time for people, to the second."""
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def percent(rate: Decimal) -> str:
    """Write a fraction as a percentage."""
    return f"{plain(rate * 100)} %"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their columns; numbers to the right."""
    shown = [[_cell(cell) for cell in row] for row in rows]
    right = [_is_numeric(row[number] for row in shown) for number in range(len(columns))]
    widths = [
        max([len(column), *(len(row[number]) for row in shown)])
        for number, column in enumerate(columns)
    ]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(cells, widths, right, strict=True)
        )
        return "  ".join(padded).rstrip()

    for cells in [columns, *shown]:
        click.echo(line(cells))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, Amount):
        return plain(value.number)
    return plain(value) if isinstance(value, Decimal) else str(value)


def _is_numeric(cells: Iterable[str]) -> bool:
    return all(cell[:1].isdigit() or cell[:1] == "-" or not cell for cell in cells)


class Progress:
    """
    One line that tells how far a long work has come, in a terminal only.

    It goes to standard error, so that an answer on standard output stays what it is.
    """

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def __call__(self, text: str) -> None:
        """Replace the line."""
        if self._is_shown:
            click.echo(f"\r\033[K  {text}", err=True, nl=False)

    def end(self) -> None:
        """Take the line away."""
        if self._is_shown:
            click.echo("\r\033[K", err=True, nl=False)
