"""A server of a customer: it writes down what it is told, and answers as it is asked to."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Told:
    path: str
    headers: dict
    body: bytes

    @property
    def id(self):
        return self.headers["webhook-id"]

    @property
    def json(self):
        return json.loads(self.body)

    def is_signed_with(self, secret):
        """Verify as the specification says, with nothing of ours."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{made}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Listener:
    port: int
    told: list[Told] = field(default_factory=list)
    #: What the next requests are answered; 200 after these.
    answers: list = field(default_factory=list)
    location: str = ""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook?of=mooring"

    @property
    def types(self):
        return [one.json["type"] for one in self.told]


@contextmanager
def listening(*, certificate=None):
    """Listen until the end; with a certificate (a file with its key), over TLS."""
    found = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            listener = found[0]
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): text for name, text in self.headers.items()}
            listener.told.append(Told(self.path, headers, body))
            answer = listener.answers.pop(0) if listener.answers else 200
            if callable(answer):
                answer(self)
                return
            self.send_response(answer)
            if listener.location:
                self.send_header("Location", listener.location)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            # Who does not trust it hangs up, which is no news.
            server.handle_error = lambda *_: None
        found.append(Listener(server.server_address[1]))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield found[0]
        finally:
            server.shutdown()
            thread.join()
