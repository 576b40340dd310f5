"""Sets too large for one transaction, in chunks: what the closes and payouts share."""

from collections.abc import Callable

from mooring.kernel import db


def in_chunks(chunk: Callable[[int], tuple[int | None, int]], *, size: int, begin: int = 0) -> int:
    """
    Run chunks, each in its own transaction, until one is not full; return how many rows.

    Args:
        chunk: given the id after which it begins, returns the last id it looked at and how
            many rows that were.
        size: of a full chunk.
        begin: the id after which the first chunk begins.
    """
    after, total = begin, 0
    while True:
        last, count = db.transaction(chunk)(after)
        if last is not None:
            after, total = last, total + count
        if count < size:
            return total


def one_chunk(statement: str, parameters: list[object]) -> tuple[int | None, int]:
    """Run a function of a close on one chunk; return the last id and how many rows."""
    [(last, count)] = db.rows(statement, parameters)
    return last, count
