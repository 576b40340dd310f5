"""`earn.redeem`: in batches of 1,000, and one at a time from 64 threads through group commit."""

import itertools
import random
import threading
import time
from collections.abc import Iterator
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


def run(pgbench: Pgbench, *, batches: int, seconds: int) -> Iterator[report.Result]:
    """Measure both; every redemption credits the rewards of the minutes since the last."""
    positions = worlds.customers_with_positions(CUSTOMERS)
    before = pgbench.rate(seconds=seconds)
    rate = _rate_of_batches(positions, batches=batches)
    between = pgbench.rate(seconds=seconds)
    yield report.at_least(
        f"earn.redeem, flexible, batches of {BATCH:,}",
        rate,
        (before + between) / 2,
        3,
        unit="redemptions/s",
    )
    rate, latencies = _rate_of_threads(positions, seconds=max(seconds, 5))
    reference = (between + pgbench.rate(seconds=seconds)) / 2
    yield report.at_least(
        f"earn.redeem one at a time, {THREADS} threads, group commit",
        rate,
        reference,
        1,
        unit="redemptions/s",
    )
    p99 = sorted(latencies)[int(len(latencies) * 0.99)]
    yield report.at_most(
        f"  latency p99 of these {THREADS} threads",
        p99 * 1000,
        P99_SECONDS_MAX * 1000,
        1,
        unit="ms",
    )


def _rate_of_batches(positions: list[tuple[int, int]], *, batches: int) -> float:
    shares = [
        [
            (
                [
                    _redemption(*pair, key=f"batch.{number}")
                    for pair in random.sample(positions[writer::PROCESSES], BATCH)
                ],
                _minute(number),
            )
            for number in range(batches // PROCESSES)
        ]
        for writer in range(PROCESSES)
    ]
    seconds, _ = writers.run(shares, _redeem_all)
    return sum(len(share) for share in shares) * BATCH / seconds


def _redeem_all(share: list[tuple[list[earn.Redemption], datetime]]) -> None:
    for batch, at in share:
        for outcome in earn.redeem(batch, at=at):
            if not isinstance(outcome, earn.Redeemed):
                raise outcome


def _rate_of_threads(
    positions: list[tuple[int, int]], *, seconds: int
) -> tuple[float, list[float]]:
    shares = [(writer, positions[writer::PROCESSES], seconds) for writer in range(PROCESSES)]
    elapsed, latencies = writers.run(shares, _redeem_from_threads)
    every = [latency for mine in latencies for latency in mine]
    return len(every) / elapsed, every


def _redeem_from_threads(share: tuple[int, list[tuple[int, int]], int]) -> list[float]:
    writer, positions, seconds = share
    latencies: list[float] = []
    errors: list[BaseException] = []
    at = _minute(10_000)
    numbers = itertools.count()
    until = time.perf_counter() + seconds

    def work() -> None:
        try:
            while (begun := time.perf_counter()) < until:
                key = f"one.{writer}.{next(numbers)}"
                earn.redeem_one(_redemption(*random.choice(positions), key=key), at=at)
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
