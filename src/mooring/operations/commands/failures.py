"""What went wrong, in one sentence, whatever it was."""

import importlib
import sys
from dataclasses import dataclass
from typing import Final

import click

from mooring.kernel.errors import Fault, Refusal
from mooring.operations.launch.errors import CannotStart

_DECLINED: Final = 1
_USAGE: Final = 2


class Declined(click.ClickException):
    """
    A command cannot be carried out with what it was given; the sentence says what is allowed.

    Not a `Refusal`: only who types commands meets it, in English.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """
    A failure as it is told.

    Args:
        code: for programs; a refusal's is public and permanent.
        is_refusal: whether the sentence is preceded by the code.
    """

    code: str
    message: str
    exit_code: int = _DECLINED
    is_refusal: bool = False


def explain(error: BaseException) -> Failure:
    """Return what to tell about an error of any kind."""
    if isinstance(error, (Refusal, Declined)):
        return Failure(code=error.code, message=_sentence(str(error)), is_refusal=True)
    if isinstance(error, click.ClickException):
        return _of_the_command(error)
    if isinstance(error, CannotStart):
        return Failure(code="cannot_start", message=_sentence(str(error)))
    if isinstance(error, Fault):
        return Failure(code="fault", message=f"A promise does not hold: {_sentence(str(error))}")
    return _of_the_database(error) or Failure(
        code="unexpected",
        message=f"This failed for a reason that was not foreseen: {_named(error)}",
    )


def _of_the_command(error: click.ClickException) -> Failure:
    message = _sentence(error.format_message())
    if not isinstance(error, click.UsageError):
        return Failure(code="failed", message=message)
    hint = f" See `{error.ctx.command_path} --help`." if error.ctx is not None else ""
    return Failure(code="usage", message=f"{message}{hint}", exit_code=_USAGE)


def _of_the_database(error: BaseException) -> Failure | None:
    # Django may not be loaded, and then no error is of its database.
    if "django.db" not in sys.modules:
        return None
    django_db = importlib.import_module("django.db")
    if isinstance(error, django_db.OperationalError):
        return Failure(
            code="database_away",
            message="The database cannot be reached or did not answer in time "
            f"({_first_line(error)}): start it with `make run`, or correct DATABASE_URL.",
        )
    state = getattr(error.__cause__, "sqlstate", None)
    if isinstance(error, django_db.ProgrammingError) and state in {"42P01", "42703", "42883"}:
        return Failure(
            code="not_migrated",
            message="The tables of the database are not those of this code: "
            "run `mooring migrate` first.",
        )
    if isinstance(error, django_db.DataError) and state == "22003":
        return Failure(
            code="amount_too_large",
            message="The amount is too large: the book holds at most 20 digits before the point.",
        )
    return None


def _named(error: BaseException) -> str:
    return _sentence(f"{type(error).__name__}: {_first_line(error)}")


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), "no reason given").strip()


def _sentence(text: str) -> str:
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."
