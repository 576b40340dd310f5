"""One request from its bytes to its answer: read, count, identify, carry out, write."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError

from mooring.accounts import api as accounts
from mooring.gateway.binance import errors
from mooring.gateway.binance.elsewhere import ELSEWHERE
from mooring.gateway.binance.endpoints import Call, Endpoint, Together
from mooring.gateway.binance.figures import Plain
from mooring.gateway.binance.meter import Limits, Meter, Used
from mooring.gateway.binance.pacing import carry_out_once
from mooring.gateway.binance.parameters import Values
from mooring.gateway.binance.refusals import translate
from mooring.gateway.binance.signing import Caller, identify, read_claimant
from mooring.gateway.binance.table import ENDPOINTS
from mooring.gateway.binance.together import Arrived, carry_out_together
from mooring.gateway.binance.wire import WireRequest, read_request
from mooring.kernel import clock
from mooring.kernel.errors import Refusal

logger = logging.getLogger(__name__)

JSON_TYPE: Final = "application/json;charset=UTF-8"
METER: Final = Meter()
_MARK_WRITTEN: Final = rb"\u0000"
_PLAIN: Final = re.compile(rb'"\\u0000([0-9.]+)"')
#: Budgets under /api are one; under /sapi each endpoint has its own.
_SPOT_BUDGET: Final = "/api"


@dataclass(slots=True, kw_only=True)
class Answer:
    """What goes back: always JSON."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class _OverLimit(errors.ApiRefusal):
    """The address or the account used more weight than it may."""

    code = "api_over_limit"
    number = -1003

    def __init__(self, used: Used, *, maximum: int) -> None:
        self.retry_after = used.retry_after
        self.status = 418 if used.is_banned else 429
        super().__init__(
            f"Way too much request weight used; IP banned for {used.retry_after} seconds. Please "
            f"use the WebSocket Streams for live updates to avoid bans."
            if used.is_banned
            else f"Too much request weight used; current limit is {maximum} request weight per 1 "
            f"MINUTE. Please use the WebSocket Streams for live updates to avoid polling the API."
        )

    @classmethod
    def samples(cls) -> tuple[errors.ApiRefusal, ...]:
        """Return both: to be told to stop, and to have gone on."""
        used = Used(units=0, retry_after=60, is_banned=False)
        return cls(used, maximum=6_000), cls(replace(used, is_banned=True), maximum=6_000)


def answer(environ: Mapping[str, Any]) -> Answer:
    """Answer a request of WSGI, whatever it holds."""
    headers: dict[str, str] = {}
    is_write = str(environ["REQUEST_METHOD"]) != "GET"
    try:
        return _answered(environ, headers)
    except (InterfaceError, OperationalError):
        logger.exception("the database was lost during %s", environ.get("PATH_INFO"))
        return _refused(*(errors.OUTCOME_UNKNOWN if is_write else errors.AWAY), headers)
    except Exception:
        # The last resort: whatever broke, a client learns that it did, and nothing of why.
        logger.exception("a request of the API failed: %s", environ.get("PATH_INFO"))
        return _refused(*errors.FAULT, headers)


def _answered(environ: Mapping[str, Any], headers: dict[str, str]) -> Answer:
    """
    Answer what was understood, a refusal included.

    Raises:
        KeyError: of a refusal that the table of codes does not know: our fault.
    """
    try:
        found = _carry_out(environ, headers)
    except _OverLimit as refusal:
        headers["Retry-After"] = str(refusal.retry_after)
        return _refused(refusal.status, refusal.number, str(refusal), headers)
    except Refusal as refusal:
        return _refused(*translate(refusal), headers)
    return Answer(status=200, body=_json(found), headers=headers)


def _carry_out(environ: Mapping[str, Any], headers: dict[str, str]) -> Any:
    path, method = str(environ.get("PATH_INFO", "")), str(environ["REQUEST_METHOD"])
    endpoint = ENDPOINTS.get((method, path))
    ip = _ip_of(environ)
    wall, at = clock.wall(), clock.now()
    limits = METER.limits(at=at)
    _count(endpoint, path, ip, limits, wall=wall, headers=headers)
    if endpoint is None:
        raise errors.NotSupported if (method, path) in ELSEWHERE else errors.UnknownPath
    request = read_request(environ)
    begin = partial(_begin, endpoint, request, limits=limits, at=at, headers=headers)
    handler = endpoint.handler
    if endpoint.right is None and not isinstance(handler, Together):
        return handler(begin(None))
    claimant = read_claimant(
        request,
        api_key=str(environ.get("HTTP_X_MBX_APIKEY", "")),
        ip=ip,
        right=endpoint.right or accounts.keys.Right.READ,
        is_strict=limits.is_strict,
    )
    if isinstance(handler, Together):
        return carry_out_together(
            Arrived(claimant=claimant, begin=begin, handler=handler.many), at=at
        )
    caller = identify(claimant, at=at)
    call = begin(caller)
    if endpoint.is_write:
        # Reading and counting took time: what is carried out must still be wanted.
        caller.moment.check()
        carry_out_once(caller, wall=clock.wall())
    return handler(call)


def _begin(
    endpoint: Endpoint,
    request: WireRequest,
    caller: Caller | None,
    *,
    limits: Limits,
    at: datetime,
    headers: dict[str, str],
) -> Call:
    """Count a request as its account's, and read what it asks for."""
    if caller is not None:
        _count_account(endpoint, caller, limits, wall=clock.wall(), headers=headers)
    return Call(
        values=Values(endpoint.parameters, request.parameters),
        at=at,
        caller=caller,
        limits=limits,
    )


def _ip_of(environ: Mapping[str, Any]) -> str:
    try:
        return accounts.presence.ip_of(environ)
    except PermissionDenied as error:
        raise errors.KeyRejected from error


def _count(
    endpoint: Endpoint | None,
    path: str,
    ip: str,
    limits: Limits,
    *,
    wall: datetime,
    headers: dict[str, str],
) -> None:
    """Count a request of an address, before it is known whose it is."""
    if path.startswith("/api/"):
        budget, maximum, name = _SPOT_BUDGET, limits.spot_weight, "X-MBX-USED-WEIGHT-1M"
    else:
        # All paths that are none share a budget: their names are a stranger's to choose.
        budget = "elsewhere" if endpoint is None else endpoint.path
        maximum, name = limits.ip_weight, "X-SAPI-USED-IP-WEIGHT-1M"
    units = endpoint.weight.units if endpoint and endpoint.weight.of == "IP" else 1
    used = METER.spend(ip, budget, units, maximum=maximum, limits=limits, wall=wall)
    headers[name] = str(used.units)
    if used.retry_after:
        raise _OverLimit(used, maximum=maximum)


def _count_account(
    endpoint: Endpoint,
    caller: Caller,
    limits: Limits,
    *,
    wall: datetime,
    headers: dict[str, str],
) -> None:
    if endpoint.weight.of != "UID":
        return
    used = METER.spend(
        f"account:{caller.holder.account_id}",
        endpoint.path,
        endpoint.weight.units,
        maximum=limits.uid_weight,
        limits=limits,
        wall=wall,
    )
    headers["X-SAPI-USED-UID-WEIGHT-1M"] = str(used.units)
    if used.retry_after:
        raise _OverLimit(used, maximum=limits.uid_weight)


def _refused(status: int, number: int, message: str, headers: dict[str, str]) -> Answer:
    return Answer(status=status, body=_json({"code": number, "msg": message}), headers=headers)


def _json(found: Any) -> bytes:
    text = json.dumps(found, separators=(",", ":"), ensure_ascii=False, default=_marked).encode()
    return _PLAIN.sub(rb"\1", text) if _MARK_WRITTEN in text else text


def _marked(value: object) -> str:
    """Return a number with a mark that no text has; its quotes are taken off afterwards."""
    if not isinstance(value, Plain):
        message = f"{type(value).__name__} is not written to JSON"
        raise TypeError(message)
    return f"\0{value:f}"
