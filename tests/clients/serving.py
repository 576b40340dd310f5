"""A real server on loopback, and clients that others wrote, pointed at it."""

import http.client
import os
import socket
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from importlib import import_module

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from mooring.accounts import api as accounts
from mooring.kernel import clock

_SECONDS_MAX = 60


class Server:
    """Granian over the test's own database, as `make run` starts it but for its settings."""

    def __init__(self, url):
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = trial.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        options = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port))
        ways = ("--no-ws", "--workers", "1", "--blocking-threads", "4", "--log-level", "warning")
        named = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "mooring.settings.test"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", *options, *ways, "mooring.settings.wsgi:application"],
            env=os.environ | named,
        )

    def wait_until_up(self):
        end = time.monotonic() + _SECONDS_MAX
        while time.monotonic() < end:
            assert self.process.poll() is None
            try:
                asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                asked.request("GET", "/api/v3/ping")
                assert asked.getresponse().status == 200
            except OSError:
                time.sleep(0.05)
            else:
                asked.close()
                return self
        raise TimeoutError

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        finally:
            self.process.kill()
            self.process.wait()


@dataclass(frozen=True)
class Key:
    """A key of an account; `secret` is for HMAC, `private` the PEM of the other two."""

    api_key: str
    secret: str | None = None
    private: str | None = None

    @classmethod
    def of(cls, account_id, kind="HMAC", *, rights="read,trade", networks=""):
        private, public = None, ""
        if kind != "HMAC":
            made = (
                ed25519.Ed25519PrivateKey.generate()
                if kind == "ED25519"
                else rsa.generate_private_key(public_exponent=65537, key_size=2048)
            )
            private = made.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ).decode()
            public = made.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ).decode()  # fmt: skip
        order = accounts.keys.read_order(
            {"label": "clients", "type": kind, "rights": rights, "networks": networks,
             "public_key": public}
        )  # fmt: skip
        issued = accounts.keys.issue_api_key(account_id=account_id, order=order, at=clock.now())
        return cls(issued.api_key, None if private else issued.secret, private)


CLASSES = {
    "simple_earn": "SimpleEarn",
    "staking": "Staking",
    "wallet": "Wallet",
    "spot": "Spot",
}


def sdk(part, server, key):
    """Return the exchange's own client of one part, as a program makes it."""
    configuration = import_module("binance_common.configuration").ConfigurationRestAPI(
        api_key=key.api_key, api_secret=key.secret, private_key=key.private,
        base_path=server.address, timeout=10_000, retries=0,
    )  # fmt: skip
    module = import_module(f"binance_sdk_{part}.{part}")
    return getattr(module, CLASSES[part])(config_rest_api=configuration).rest_api


def python_binance(server, key):
    """Return python-binance's client; what it imports is older than what it imports it from."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        binance = import_module("binance.client")
    client = binance.Client(key.api_key, key.secret, ping=False)
    client.API_URL = f"{server.address}/api"
    client.MARGIN_API_URL = f"{server.address}/sapi"
    return client


def of_the_exchange(found):
    """Return the exchange's code of an error of either client."""
    return getattr(found, "code", None) or found.status_code


__all__ = ["CLASSES", "Key", "Server", "of_the_exchange", "python_binance", "sdk"]
