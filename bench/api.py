"""
Ask the API for a position, and redeem through it, beside a bare view that asks one query.

    python -m bench.api                     three measures of 15 s each, in turns
    python -m bench.api --seconds 30        longer

A server like production's (granian, a durable PostgreSQL) and the load share this machine. Requests
are signed before they are sent, each by one of a thousand customers, and sent over connections that
stay open. The reference is a Django view without middleware that asks the database once, served
the same way in the same run. The measures take turns: a machine that others share changes its
speed within seconds.

Exit code 1 when a goal is missed: 1,500 signed reads a second, 800 signed redemptions a second of
which 99 % are answered within 100 ms and none is refused, and both at least 0.6 times the
reference.
"""

import argparse
import hashlib
import hmac
import multiprocessing
import os
import secrets
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from bench import report
from bench.__main__ import become, migrate
from mooring.operations.launch import embedded, plan

PORT: Final = 8322
#: How often the measures take turns.
ROUNDS: Final = 3
#: Before each measure, not measured: connections are opened and statements prepared.
WARM_SECONDS: Final = 1
CUSTOMERS: Final = 1_000
CONNECTIONS: Final = 64
READS_PER_SECOND: Final = 1_500
REDEMPTIONS_PER_SECOND: Final = 800
P99_SECONDS_MAX: Final = 0.1
SHARE_OF_BARE: Final = 0.6
#: What `worlds.publish` offers.
PRODUCT: Final = "USDT001"
_POSITION: Final = "/sapi/v1/simple-earn/flexible/position"
_REDEEM: Final = "/sapi/v1/simple-earn/flexible/redeem"
_BARE: Final = "bench.bare:application"
_API: Final = "mooring.settings.wsgi:application"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What became of the requests of one measure; times in seconds, sorted."""

    seconds: float
    times: list[float]
    refused: int
    first_refusal: str

    @classmethod
    def of(cls, rounds: Sequence["Load"]) -> "Load":
        """Return several rounds as one."""
        return cls(
            seconds=sum(one.seconds for one in rounds),
            times=sorted(time for one in rounds for time in one.times),
            refused=sum(one.refused for one in rounds),
            first_refusal=next((one.first_refusal for one in rounds if one.refused), ""),
        )

    @property
    def per_second(self) -> float:
        """How many were answered a second."""
        return len(self.times) / self.seconds

    @property
    def p99(self) -> float:
        """How long the slowest hundredth took at least."""
        return self.times[int(len(self.times) * 0.99)]


def main() -> int:
    """Parse, measure, print, return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.api",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=int, default=15)
    seconds = parser.parse_args().seconds
    home = Path(os.environ.get("MOORING_HOME", "var"))
    with embedded.throwaway(durable=True) as server:
        become(server.url)
        # One secret for this process and the server: what one seals, the other opens.
        os.environ.update(
            MOORING_SANDBOX="false",
            SECRET_KEY=secrets.token_hex(32),
            MOORING_SEALING_KEYS=secrets.token_urlsafe(32),
        )
        migrate()
        print(f"  preparing {CUSTOMERS:,} customers with keys ...")
        keys = _customers()
        bare, read, redeemed = _in_turns(keys, seconds=-(-seconds // ROUNDS))
    report.heading()
    results = list(_results(bare, read, redeemed))
    for result in results:
        report.show(result)
    for load in (bare, read, redeemed):
        if load.refused:
            print(f"  refused: {load.refused}, first: {load.first_refusal}")
    report.write(results, home / "bench-api.json")
    missed = [result.name.strip() for result in results if not result.met]
    print(f"\n  written to {home / 'bench-api.json'}; missed: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


def _in_turns(keys: list[tuple[str, bytes]], *, seconds: int) -> tuple[Load, Load, Load]:
    """Return what became of the bare requests, the reads and the redemptions of all rounds."""
    rounds = []
    for number in range(ROUNDS):
        print(f"  round {number + 1} of {ROUNDS} ...")
        # One after the other: together they would need more connections than there are.
        with _served(_BARE):
            _load([_plain("/")], seconds=WARM_SECONDS)
            bare = _load([_plain("/")], seconds=seconds)
        with _served(_API):
            _load(_reads(keys, WARM_SECONDS), seconds=WARM_SECONDS)
            read = _load(_reads(keys, seconds), seconds=seconds)
            _load(_redemptions(keys, WARM_SECONDS), seconds=WARM_SECONDS)
            redeemed = _load(_redemptions(keys, seconds), seconds=seconds)
        rounds.append((bare, read, redeemed))
    bare, read, redeemed = (Load.of(measure) for measure in zip(*rounds, strict=True))
    return bare, read, redeemed


def _reads(keys: list[tuple[str, bytes]], seconds: int) -> list[bytes]:
    return _signed("GET", _POSITION, keys, seconds * 8_000)


def _redemptions(keys: list[tuple[str, bytes]], seconds: int) -> list[bytes]:
    return _signed("POST", _REDEEM, keys, seconds * 6_000, productId=PRODUCT, amount="0.01")


def _results(bare: Load, read: Load, redeemed: Load) -> Iterator[report.Result]:
    yield report.told("bare view, one query", bare.per_second, unit="requests/s")
    for name, load, least in (
        ("signed GET of a flexible position", read, READS_PER_SECOND),
        ("signed flexible redeem", redeemed, REDEMPTIONS_PER_SECOND),
    ):
        yield report.at_least(name, load.per_second, least, 1, unit="requests/s")
        yield report.at_least(
            "    beside the bare view",
            load.per_second,
            bare.per_second,
            SHARE_OF_BARE,
            unit="req/s",
        )
        yield report.at_most("    p99", load.p99, P99_SECONDS_MAX, 1, unit="s")
        yield report.at_most("    refused", load.refused, 1, 0, unit="requests")


# --- what is there ---


def _customers() -> list[tuple[str, bytes]]:
    """Make customers with positions and a key each; return keys and secrets."""
    from bench import worlds
    from mooring.accounts.keys.api_keys import seal_secret
    from mooring.accounts.models import ApiKey
    from mooring.accounts.rules.api_keys import random_text
    from mooring.gateway import policies as gateway_policies
    from mooring.kernel import clock
    from mooring.policies import api as policies

    worlds.publish()
    held = worlds.customers_with_positions(CUSTOMERS)
    at = clock.now()
    # Each customer redeems many times in a few seconds, from one address.
    for policy, value in (
        (gateway_policies.EARN_INTERVAL_SECONDS, 0),
        (gateway_policies.IP_WEIGHT_PER_MINUTE, 10_000_000),
    ):
        policies.set_policy(
            policy, value, effective_from=at, author="bench", reason="one machine asks for all",
            at=at,
        )  # fmt: skip
    made = [(random_text(), random_text(), account_id) for account_id, _ in held]
    ApiKey.objects.bulk_create(
        ApiKey(
            account_id=account_id,
            api_key=api_key,
            label="bench",
            type=ApiKey.Type.HMAC,
            sealed_secret=seal_secret(api_key, secret),
            may_trade=True,
            created_at=at,
            used_at=at,
            used_ip="127.0.0.1",
        )
        for api_key, secret, account_id in made
    )
    return [(api_key, secret.encode()) for api_key, secret, _ in made]


@contextmanager
def _served(application: str) -> Iterator[None]:
    """Serve an application as the launcher does."""
    options = [
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT), "--no-ws"),
        *("--workers", str(plan.WORKERS), "--blocking-threads", str(plan.THREADS)),
        *("--blocking-threads-idle-timeout", "600", "--log-level", "warning"),
    ]
    server = subprocess.Popen([sys.executable, "-m", "granian", *options, application])
    try:
        for _attempt in range(100):
            try:
                socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        time.sleep(2)
        yield
    finally:
        server.terminate()
        server.wait(20)


# --- requests ---


def _plain(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def _signed(
    method: str, path: str, keys: list[tuple[str, bytes]], count: int, **parameters: str
) -> list[bytes]:
    """Sign requests ahead: each with a time of its own, good for the longest that is allowed."""
    begin = time.time_ns() // 1_000
    given = "".join(f"{name}={value}&" for name, value in parameters.items())
    found = []
    for number in range(count):
        api_key, secret = keys[number % len(keys)]
        text = f"{given}recvWindow=60000&timestamp={begin + number}"
        made = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
        found.append(
            (
                f"{method} {path}?{text}&signature={made} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"X-MBX-APIKEY: {api_key}\r\nContent-Length: 0\r\n\r\n"
            ).encode()
        )
    return found


def _load(requests: list[bytes], *, seconds: int) -> Load:
    """Send requests over open connections from a process of its own, for some seconds."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(
        target=_send, args=(requests, seconds, theirs)
    )
    process.start()
    # Only the process itself holds the other end: if it dies, this does not wait for ever.
    theirs.close()
    found: Load = ours.recv()
    process.join()
    return found


def _send(requests: list[bytes], seconds: int, pipe: Connection) -> None:
    waiting = selectors.DefaultSelector()
    connections: dict[int, socket.socket] = {}
    number, times, refused, first = 0, [], 0, ""
    for _ in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", PORT))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(requests[number % len(requests)])
        connections[connection.fileno()] = connection
        waiting.register(connection, selectors.EVENT_READ, time.perf_counter())
        number += 1
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for key, _ in waiting.select(timeout=1):
            connection = connections[key.fd]
            answer = _whole_answer(connection)
            now = time.perf_counter()
            times.append(now - key.data)
            if not answer.startswith(b"HTTP/1.1 200"):
                refused, first = refused + 1, first or answer[-200:].decode("latin-1")
            if len(requests) > 1 and number >= len(requests):
                pipe.send(Load(seconds=now - begun, times=sorted(times), refused=refused,
                               first_refusal=first))  # fmt: skip
                return
            connection.sendall(requests[number % len(requests)])
            waiting.modify(connection, selectors.EVENT_READ, time.perf_counter())
            number += 1
    took = time.perf_counter() - begun
    pipe.send(Load(seconds=took, times=sorted(times), refused=refused, first_refusal=first))


def _whole_answer(connection: socket.socket) -> bytes:
    """Read an answer: its head, and as much as that says."""
    found = connection.recv(65_536)
    while b"\r\n\r\n" not in found:
        found += connection.recv(65_536)
    head, _, body = found.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        more = connection.recv(65_536)
        found, body = found + more, body + more
    return found


if __name__ == "__main__":
    sys.exit(main())
