"""A client of our own API in this process: signs each request, or sends a token."""

import hashlib
import hmac
import io
import itertools
import json
from dataclasses import dataclass

from mooring.accounts import api as accounts
from mooring.gateway.v1.application import serve
from mooring.kernel import clock
from tests.gateway.caller import HOME, Reply, now_ms

_KEYS = itertools.count(1)


def call(method, path, *, query="", body=b"", headers=None, ip=HOME):
    """Send bytes as they are."""
    headers = headers or {}
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "QUERY_STRING": query,
        "REMOTE_ADDR": ip,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": headers.get("Content-Type", "application/json"),
        "wsgi.input": io.BytesIO(body),
        **{f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()},
    }
    said = {}

    def start_response(status, found):
        said["status"], said["headers"] = int(status.split(" ")[0]), dict(found)

    content = b"".join(serve(environ, start_response))
    kind = said["headers"]["Content-Type"]
    wanted = "application/problem+json" if said["status"] >= 400 else "application/json"
    assert kind.startswith(wanted), (kind, content)
    return Reply(said["status"], said["headers"], content)


@dataclass
class Client:
    """The holder of an HMAC key."""

    api_key: str
    secret: str
    token: str = ""

    @classmethod
    def of(cls, account_id, rights="read,trade", *, networks=""):
        order = accounts.keys.read_order(
            {"label": "tests", "type": "HMAC", "rights": rights, "networks": networks}
        )
        made = accounts.keys.issue_api_key(account_id=account_id, order=order, at=clock.now())
        return cls(made.api_key, made.secret)

    def headers(self, method, path, query, body, *, key="", timestamp=None):
        """Sign in six parts, as the description says."""
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        stamp = str(now_ms() if timestamp is None else timestamp)
        text = f"{stamp}\n{method}\n{path}\n{query}\n{key}\n".encode() + body
        made = hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()
        return {
            "X-Mooring-Key": self.api_key,
            "X-Mooring-Timestamp": stamp,
            "X-Mooring-Signature": made,
        }

    def send(self, method, path, content=None, *, query="", key=None, ip=HOME):
        body = b"" if content is None else json.dumps(content).encode()
        if key is None and method != "GET":
            key = f"k{next(_KEYS)}"
        headers = self.headers(method, path, query, body, key=key or "")
        if key:
            headers["Idempotency-Key"] = key
        return call(method, path, query=query, body=body, headers=headers, ip=ip)

    def get(self, path, query="", **how):
        return self.send("GET", path, query=query, **how)

    def post(self, path, content=None, **how):
        return self.send("POST", path, content, **how)
