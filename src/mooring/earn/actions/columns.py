"""Rows for one statement: what all of them have in common goes as one value, the rest as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mooring.kernel import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """
    The values of many rows, for a statement that reads them from a table `t`.

    Of a thousand rows of a batch most columns say the same: writing, sending and reading each
    a thousand times is a third of what a batch costs.

    Args:
        expressions: of each column, in order: `t.name`, or a parameter.
        table: what follows FROM.
        scalars, arrays: the parameters of the expressions and of the table, in order.
    """

    expressions: tuple[str, ...]
    table: str
    scalars: tuple[Any, ...]
    arrays: tuple[str, ...]


def columns_of(
    kinds: Sequence[tuple[str, str]], values: Sequence[Sequence[Any]], *, key: str
) -> Columns:
    """
    Part columns into those that differ from row to row and those that do not.

    Args:
        kinds: name and type of each column in the database.
        values: of each column, at least one row's.
        key: the column that is an array whatever it holds: it makes the rows.
    """
    expressions, names, types, scalars, arrays = [], [], [], [], []
    for (name, kind), column in zip(kinds, values, strict=True):
        if name != key and column.count(column[0]) == len(column):
            expressions.append(f"%s::{kind}")
            scalars.append(column[0])
        else:
            expressions.append(f"t.{name}")
            names.append(name)
            types.append(f"%s::{kind}[]")
            arrays.append(db.array(column))
    return Columns(
        expressions=tuple(expressions),
        table=f"unnest({', '.join(types)}) AS t ({', '.join(names)})",
        scalars=tuple(scalars),
        arrays=tuple(arrays),
    )
