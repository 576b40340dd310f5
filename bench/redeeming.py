"""`earn.redeem`: in batches of 1,000, and one at a time from 64 threads through group commit."""

import itertools
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import connection

from bench import report, worlds, writers
from bench.reference import Pgbench
from mooring.earn import api as earn
from mooring.kernel.money import Amount

BATCH: Final = 1_000
CUSTOMERS: Final = 10_000
THREADS: Final = 64
#: Web processes of a server, each with half of the customers.
PROCESSES: Final = 2
P99_SECONDS_MAX: Final = 0.1


@dataclass(frozen=True, slots=True)
class Share:
    """What the threads of one process do: whose positions, under which keys, for how long."""

    name: str
    positions: list[tuple[int, int]]
    seconds: int


def run(pgbench: Pgbench, *, batches: int, seconds: int) -> Iterator[report.Result]:
    """Measure both; every redemption credits the rewards of the minutes since the last."""
    positions = worlds.customers_with_positions(CUSTOMERS)
    yield _batches(positions, pgbench, batches=batches, seconds=seconds)
    yield from _threads(positions, pgbench, seconds=seconds)


def _batches(
    positions: list[tuple[int, int]], pgbench: Pgbench, *, batches: int, seconds: int
) -> report.Result:
    def draw(writer: int, number: int) -> list[tuple[list[earn.Redemption], datetime]]:
        begin = number * batches
        return [
            (
                [
                    _redemption(*pair, key=f"batch.{batch}")
                    for pair in random.sample(positions[writer::PROCESSES], BATCH)
                ],
                _minute(batch),
            )
            for batch in range(begin, begin + batches)
        ]

    measured = writers.measure(
        draw, _redeem_all, writers=PROCESSES, pgbench=pgbench, seconds=seconds
    )
    return report.at_least(
        f"earn.redeem, flexible, batches of {BATCH:,}",
        writers.ROUNDS * PROCESSES * batches * BATCH / measured.seconds,
        measured.reference,
        3,
        unit="redemptions/s",
    )


def _redeem_all(share: list[tuple[list[earn.Redemption], datetime]]) -> None:
    for batch, at in share:
        for outcome in earn.redeem(batch, at=at):
            if not isinstance(outcome, earn.Redeemed):
                raise outcome


def _threads(
    positions: list[tuple[int, int]], pgbench: Pgbench, *, seconds: int
) -> Iterator[report.Result]:
    def draw(writer: int, number: int) -> Share:
        return Share(f"{writer}.{number}", positions[writer::PROCESSES], seconds)

    measured = writers.measure(
        draw, _redeem_from_threads, writers=PROCESSES, pgbench=pgbench, seconds=seconds
    )
    latencies = sorted(latency for mine in measured.answers for latency in mine)
    yield report.at_least(
        f"earn.redeem one at a time, {THREADS} threads, group commit",
        len(latencies) / measured.seconds,
        measured.reference,
        1,
        unit="redemptions/s",
    )
    yield report.at_most(
        f"  latency p99 of these {THREADS} threads",
        latencies[int(len(latencies) * 0.99)] * 1000,
        P99_SECONDS_MAX * 1000,
        1,
        unit="ms",
    )


def _redeem_from_threads(share: Share) -> list[float]:
    latencies: list[float] = []
    errors: list[BaseException] = []
    at = _minute(10_000)
    numbers = itertools.count()
    until = time.perf_counter() + share.seconds

    def work() -> None:
        try:
            while (begun := time.perf_counter()) < until:
                key = f"one.{share.name}.{next(numbers)}"
                earn.redeem_one(_redemption(*random.choice(share.positions), key=key), at=at)
                latencies.append(time.perf_counter() - begun)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(THREADS // PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return latencies


def _redemption(account_id: int, position_id: int, *, key: str) -> earn.Redemption:
    return earn.Redemption(
        account_id=account_id,
        position_id=position_id,
        amount=Amount(Decimal("0.01"), worlds.ASSET),
        key=key,
    )


def _minute(number: int) -> datetime:
    return worlds.BEGIN + timedelta(minutes=number + 1)
