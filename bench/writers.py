"""Writers, each a process with a connection of its own, as the web processes of a server are."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connection

Work = TypeVar("Work")
Answer = TypeVar("Answer")


def run(shares: Sequence[Work], write: Callable[[Work], Answer]) -> tuple[float, list[Answer]]:
    """
    Let one process work on each share, all from the same moment.

    Returns:
        The seconds until the last one was done, and what each answered.
    """
    # Forked, so that what was drawn before is there; without a connection, which no two
    # processes may share.
    connection.close()
    context = multiprocessing.get_context("fork")
    begin = context.Barrier(len(shares) + 1)
    answers = context.SimpleQueue()

    def work(number: int, share: Work) -> None:
        connection.ensure_connection()
        begin.wait()
        answer = write(share)
        answers.put((number, time.monotonic(), answer))

    processes = [
        context.Process(target=work, args=(number, share)) for number, share in enumerate(shares)
    ]
    for process in processes:
        process.start()
    begin.wait()
    begun = time.monotonic()
    # Every writer answers once, or has failed and said so on the terminal.
    found: list[tuple[int, float, Answer]] = []
    while len(found) < len(shares):
        if answers.empty() and any(process.exitcode for process in processes):
            message = "a writer failed; its error stands above"
            raise RuntimeError(message)
        if answers.empty():
            time.sleep(0.01)
            continue
        found.append(answers.get())
    for process in processes:
        process.join()
    ended = max(done for _, done, _ in found)
    return ended - begun, [answer for _, _, answer in sorted(found, key=lambda item: item[0])]
