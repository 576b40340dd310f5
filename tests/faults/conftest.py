"""One platform for the tests that are about what happens on it, not about starting it."""

import socket

import pytest

from tests.faults.running import Platform


@pytest.fixture(scope="session")
def platform():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    running = Platform(port)
    try:
        yield running.wait_until_up()
    finally:
        running.stop()
