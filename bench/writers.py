"""Two writers on one queue: one prepares its batch while the other's is in the database."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from django.db import connection

Batch = TypeVar("Batch")

WRITERS: Final = 2


def seconds_for(batches: Iterable[Batch], write: Callable[[Batch], None]) -> float:
    """Write every batch and return the seconds it took; the first error ends the run."""
    queue = iter(list(batches))
    mutex = threading.Lock()
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while not errors:
                with mutex:
                    batch = next(queue, None)
                if batch is None:
                    break
                write(batch)
        except BaseException as error:  # handed to the thread that waits
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WRITERS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - begun
    if errors:
        raise errors[0]
    return elapsed
