"""
The four things people mean by "transaction", each under its own name, and sets in SQL.

An action opens exactly one transaction (`transaction`), functions that must run inside one
say so (`transaction_required`), and nothing else opens any. READ COMMITTED with the account
rows locked first, lowest id first, is the only pattern for money.
"""

import functools
import select
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.db import transaction as django_transaction

P = ParamSpec("P")
R = TypeVar("R")


class _TransactionMissing(RuntimeError):
    """
    A function that needs an open transaction was called without one.

    If you're hitting this, call it from an action (a function under `@db.transaction`);
    do not open a transaction around it in a view or a job.
    """


def transaction(func: Callable[P, R]) -> Callable[P, R]:
    """Open the one transaction of an action; refuse to be nested."""
    return django_transaction.atomic(durable=True)(func)


def transaction_required(func: Callable[P, R]) -> Callable[P, R]:
    """Refuse to run unless the caller has opened a transaction."""

    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if not connection.in_atomic_block:
            raise _TransactionMissing(func.__qualname__)
        return func(*args, **kwargs)

    return wrapper


def drop_lost_connection() -> None:
    """
    Close this thread's connection if the database has ended it; the next statement opens another.

    Asks the socket, which has something to read once the other end is gone. Django would ask the
    database before the first statement of each request, which costs as much as answering it.
    """
    connection.close_if_unusable_or_obsolete()
    driver = connection.connection
    if driver is not None:
        socket = select.poll()
        socket.register(driver, select.POLLIN)
        # The stubs do not know it.
        connection.health_check_done = not socket.poll(0)  # type: ignore[attr-defined]


def rows(
    statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
) -> list[tuple[Any, ...]]:
    """Run a statement and return every row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def execute(statement: str, parameters: Sequence[Any] = ()) -> int:
    """Run a statement that returns no rows; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        touched: int = cursor.rowcount
    return touched


def array(values: Iterable[int | Decimal | str | None]) -> str:
    """
    Write values as the text of one PostgreSQL array.

    One string instead of a list: adapting a list costs the driver a call per element, which
    for a batch of 1,000 postings is longer than the database takes to post them.

    Args:
        values: integers, decimals, None, or strings of characters that need no quoting
            (letters, digits and `._:+-`; or none at all). Free text does not belong here.
    """
    texts = ["NULL" if value is None else str(value) or '""' for value in values]
    return "{" + ",".join(texts) + "}"


def constraint_of(error: BaseException) -> str | None:
    """Return the name of the constraint that a database error says was broken."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None)


def is_worth_another_try(error: BaseException) -> bool:
    """
    Return whether the same request may succeed, or has succeeded, when it is made again.

    A deadlock was resolved against us (40P01, 40001), or the connection was lost: then it is
    unknown whether the commit happened, and only the request's key can tell, so whoever tries
    again must have one.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state in {"40001", "40P01"} or state.startswith(("08", "57P"))
