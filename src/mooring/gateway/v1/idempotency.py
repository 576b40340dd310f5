"""The same request under the same key is answered the same, and carried out once."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from mooring.gateway import policies as gateway_policies
from mooring.gateway.v1 import problems
from mooring.gateway.v1.identity import holder_of
from mooring.kernel import clock, db
from mooring.kernel.errors import Refusal
from mooring.policies import api as policies

_KEY: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_ASK: Final = """
    INSERT INTO gateway_idempotency (account_id, key, digest, answer, expires_at)
    VALUES (%s, %s, %s, '', %s) ON CONFLICT (account_id, key) DO NOTHING
"""
_ANSWER: Final = """
    UPDATE gateway_idempotency SET status = %s, answer = %s
    WHERE account_id = %s AND key = %s AND status IS NULL
"""
_READ: Final = """
    SELECT digest, status, answer FROM gateway_idempotency WHERE account_id = %s AND key = %s
"""


def once(request: HttpRequest, carry_out: Callable[[], Any], *, status: int = 200) -> HttpResponse:
    """
    Carry a request out under its `Idempotency-Key`, or answer it as before.

    Args:
        carry_out: does it, and does nothing more when it is called again; returns the answer.
        status: of an answer that is no refusal.

    Raises:
        IdempotencyKeyNeeded, IdempotencyKeyReused.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise problems.IdempotencyKeyNeeded
    account_id, digest = holder_of(request).account_id, _digest_of(request)
    hours = policies.in_force(at=clock.now())[gateway_policies.IDEMPOTENCY_HOURS]
    db.execute(_ASK, [account_id, key, digest, clock.wall() + timedelta(hours=hours)])
    [(asked, before, text)] = db.rows(_READ, [account_id, key])
    if asked != digest:
        raise problems.IdempotencyKeyReused
    is_replayed = before is not None
    if not is_replayed:
        before, text = _carried_out(carry_out, status=status)
        if not db.execute(_ANSWER, [before, text, account_id, key]):
            # Somebody sent the same at the same time and was answered first.
            [(_, before, text)] = db.rows(_READ, [account_id, key])
    found = problems.answer(before, json.loads(text))
    found["Idempotent-Replayed"] = "true" if is_replayed else "false"
    return found


def _carried_out(carry_out: Callable[[], Any], *, status: int) -> tuple[int, str]:
    try:
        return status, json.dumps(carry_out())
    except Refusal as refusal:
        return problems.status_of(refusal), json.dumps(problems.body_of(refusal))


def _digest_of(request: HttpRequest) -> str:
    head = "\n".join((str(request.method), request.path, request.META.get("QUERY_STRING", "")))
    return hashlib.sha256(head.encode() + b"\n" + request.body).hexdigest()
