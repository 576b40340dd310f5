"""Writers, each a process with a connection of its own, as the web processes of a server are."""

import gc
import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from typing import Any, Generic, TypeVar

from django.db import connection

from bench.reference import Pgbench

Work = TypeVar("Work")
Answer = TypeVar("Answer")

#: How often a measure and its reference take turns: a machine that others share changes its
#: speed within seconds, and one long run beside another would compare two machines.
ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Measured(Generic[Answer]):
    """
    What writers did in turns with the reference.

    Args:
        seconds: that the writers took, all rounds together, each until its last one was done.
        reference: transactions per second of pgbench, the mean of its turns.
        answers: of every writer in every round.
    """

    seconds: float
    reference: float
    answers: list[Answer]


def measure(
    draw: Callable[[int, int], Work],
    write: Callable[[Work], Answer],
    *,
    writers: int,
    pgbench: Pgbench,
    seconds: int,
) -> Measured[Answer]:
    """
    Let writers and pgbench take turns, from a checkpoint on.

    Args:
        draw: makes what a writer (counted from 0) writes in a round (counted from 0); outside
            the time that is measured.
        write: writes it.
        seconds: of each turn of pgbench.
    """
    # Forked, so that the world is there; without a connection, which no two processes may share.
    connection.close()
    context = multiprocessing.get_context("fork")
    begin = context.Barrier(writers + 1)
    # Two queues: the first writer of a round may have drawn for the next before the last answers.
    ready: SimpleQueue[Any] = context.SimpleQueue()
    written: SimpleQueue[Any] = context.SimpleQueue()

    def work(writer: int) -> None:
        connection.ensure_connection()
        for number in range(ROUNDS):
            drawn = draw(writer, number)
            # What was drawn is ours: the collector need not go through it while it is written.
            gc.collect()
            gc.freeze()
            ready.put(writer)
            begin.wait()
            answer = write(drawn)
            written.put((time.monotonic(), answer))

    processes = [
        context.Process(target=work, args=(writer,), daemon=True) for writer in range(writers)
    ]
    for process in processes:
        process.start()
    pgbench.checkpoint()
    references = []
    elapsed = 0.0
    answers: list[Answer] = []
    for _ in range(ROUNDS):
        _hear(ready, processes)
        references.append(pgbench.rate(seconds=seconds))
        begin.wait()
        begun = time.monotonic()
        found = _hear(written, processes)
        elapsed += max(done for done, _ in found) - begun
        answers.extend(answer for _, answer in found)
    for process in processes:
        process.join()
    references.append(pgbench.rate(seconds=seconds))
    return Measured(elapsed, sum(references) / len(references), answers)


def _hear(said: "SimpleQueue[Any]", processes: Sequence[BaseProcess]) -> list[Any]:
    """Return what each writer says once, or stop when one has failed (its error is printed)."""
    found: list[Any] = []
    while len(found) < len(processes):
        if not said.empty():
            found.append(said.get())
        elif any(process.exitcode for process in processes):
            message = "a writer failed; its error stands above"
            raise RuntimeError(message)
        else:
            time.sleep(0.001)
    return found
