"""Our own API as a page: its operations, and how a request is signed."""

from dataclasses import dataclass
from typing import Final

from mooring.gateway import api as gateway

#: Five lines that sign a request; a test runs them as they stand here.
SIGNING: Final = """\
stamp = str(time.time_ns() // 1_000_000)
text = "\\n".join((stamp, method, path, query, idempotency_key)).encode() + b"\\n" + body
signature = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
headers = {"X-Mooring-Key": api_key, "X-Mooring-Timestamp": stamp, "X-Mooring-Signature": signature}
headers |= {"Idempotency-Key": idempotency_key, "Content-Type": "application/json"}
"""

#: Five lines that verify a message of a webhook; a test runs them too.
VERIFYING: Final = """\
signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
key = base64.b64decode(secret.removeprefix("whsec_"))
made = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
is_ours = any(hmac.compare_digest(made, one) for one in headers["webhook-signature"].split())
is_fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePage:
    """Everything that can be asked of `/v1`, and what it tells by itself."""

    operations: tuple[gateway.Operation, ...]
    signing: str
    told: tuple[gateway.Told, ...]
    verifying: str


def page() -> ReferencePage:
    """Return the page; it is the same for everybody."""
    return ReferencePage(
        operations=gateway.operations(),
        signing=SIGNING.rstrip(),
        told=gateway.told(),
        verifying=VERIFYING.rstrip(),
    )
