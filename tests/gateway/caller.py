"""A client of the API in this process: signs as clients do, and calls the WSGI application."""

import hashlib
import hmac
import io
import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

from mooring.accounts import api as accounts
from mooring.gateway.binance.signing import milliseconds
from mooring.gateway.wsgi import serve
from mooring.kernel import clock

HOME = "203.0.113.5"


@dataclass
class Reply:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The exchange's code of a refusal; None of a result."""
        found = self.json
        return found.get("code") if isinstance(found, dict) and "msg" in found else None


def call(method, path, *, query="", body=b"", headers=None, ip=HOME):
    """Send bytes as they are."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REMOTE_ADDR": ip,
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.input": io.BytesIO(body),
        **{
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in (headers or {}).items()
        },
    }
    said = {}

    def start_response(status, found):
        said["status"], said["headers"] = int(status.split(" ")[0]), dict(found)

    content = b"".join(serve(environ, start_response))
    assert said["headers"]["Content-Type"].startswith("application/json")
    return Reply(said["status"], said["headers"], content)


def now_ms():
    return milliseconds(clock.wall())


def hmac_of(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


@dataclass
class Client:
    """The holder of an HMAC key; `place` says where parameters go."""

    api_key: str
    secret: str
    place: str = "query"
    #: The time of its last request, in milliseconds.
    last: int = field(default=0)

    @classmethod
    def of(cls, account_id, rights="read,trade", *, networks="", at=None):
        order = accounts.keys.read_order(
            {"label": "tests", "type": "HMAC", "rights": rights, "networks": networks}
        )
        made = accounts.keys.issue_api_key(account_id=account_id, order=order, at=at or clock.now())
        return cls(made.api_key, made.secret)

    def text(self, **parameters):
        """Return parameters with a time of their own, encoded: no two requests are the same."""
        self.last = max(now_ms(), self.last + 1)
        stamp = {"timestamp": self.last, "recvWindow": 10_000}
        return urlencode({**parameters, **stamp})

    def signed(self, text):
        return f"{text}&signature={hmac_of(self.secret, text)}"

    def send(self, method, path, *, ip=HOME, **parameters):
        text = self.signed(self.text(**parameters))
        return self.send_text(method, path, text, ip=ip)

    def send_text(self, method, path, text, *, ip=HOME):
        headers = {"X-MBX-APIKEY": self.api_key}
        if self.place == "body" and method != "GET":
            return call(method, path, body=text.encode(), headers=headers, ip=ip)
        return call(method, path, query=text, headers=headers, ip=ip)

    def get(self, path, **parameters):
        return self.send("GET", path, **parameters)

    def post(self, path, **parameters):
        return self.send("POST", path, **parameters)
