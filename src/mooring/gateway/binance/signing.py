"""
Who a signed request comes from, and whether it is of now.

Source: rules 4 to 8 of the compatible API. The time is the real one even in a sandbox: clients
sign with their own clock and never read ours.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from mooring.accounts import api as accounts
from mooring.gateway.binance import errors
from mooring.gateway.binance.wire import WireRequest
from mooring.kernel import clock

#: How long a request is good for if it does not say, and at most. Source: the exchange's manual.
RECV_WINDOW_MS: Final = 5_000
RECV_WINDOW_MS_MAX: Final = 60_000
#: How far a client's clock may be ahead of ours.
AHEAD_MS_MAX: Final = 1_000

_TIMESTAMP: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_RECV_WINDOW: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?", re.ASCII)
#: From this number of digits on, a timestamp is in microseconds (until the year 2286).
_MICROSECOND_DIGITS: Final = 16
_HEX: Final = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """
    When a request says it was made, and for how long it is good.

    Args:
        timestamp, window: in microseconds; the first since 1970.
    """

    timestamp: int
    window: int

    def check(self) -> None:
        """
        See that the request is of now.

        Raises:
            TimestampOutside: a second or more ahead of us, or older than its window.
        """
        now = microseconds(clock.wall())
        if self.timestamp >= now + AHEAD_MS_MAX * 1_000:
            raise errors.TimestampOutside(ahead=True)
        if now - self.timestamp > self.window:
            raise errors.TimestampOutside(ahead=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """
    Who calls: the holder of a key, and when.

    Args:
        signature: in its one form; names the request (decision 0037).
    """

    holder: accounts.keys.KeyHolder
    moment: Moment
    signature: str

    @property
    def request_key(self) -> str:
        """The idempotency key of what this request asks for."""
        return f"api.{self.holder.key_id}.{hashlib.sha256(self.signature.encode()).hexdigest()}"


def read_moment(request: WireRequest) -> Moment:
    """
    Read `timestamp` and `recvWindow`.

    Raises:
        ParameterMissing, IllegalCharacters: of one of them.
        RecvWindowTooLong: longer than a minute.
    """
    text = request.parameters.get("timestamp", "")
    if not text:
        raise errors.ParameterMissing(parameter="timestamp")
    if not _TIMESTAMP.fullmatch(text):
        raise errors.IllegalCharacters(parameter="timestamp", legal="^[0-9]{1,20}$")
    timestamp = int(text) * (1 if len(text) >= _MICROSECOND_DIGITS else 1_000)
    return Moment(timestamp=timestamp, window=_read_window(request))


def _read_window(request: WireRequest) -> int:
    text = request.parameters.get("recvwindow")
    if text is None:
        return RECV_WINDOW_MS * 1_000
    if not text:
        raise errors.ParameterMissing(parameter="recvWindow")
    if not _RECV_WINDOW.fullmatch(text):
        raise errors.IllegalCharacters(parameter="recvWindow", legal="^[0-9]{1,5}(.[0-9]{1,3})?$")
    whole, _, decimals = text.partition(".")
    window = int(whole) * 1_000 + int(decimals.ljust(3, "0") or "0")
    if window > RECV_WINDOW_MS_MAX * 1_000:
        raise errors.RecvWindowTooLong
    return window


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """Who a request says it is from, and what shows it: not checked yet."""

    shown: accounts.keys.SignedRequest
    moment: Moment

    def caller(self, holder: accounts.keys.KeyHolder) -> Caller:
        """Return who it is, of a key that was found to be theirs."""
        text = self.shown.signature
        return Caller(
            holder=holder,
            moment=self.moment,
            signature=text.lower() if _HEX.fullmatch(text) else text,
        )


def read_claimant(
    request: WireRequest,
    *,
    api_key: str,
    ip: str,
    right: accounts.keys.Right,
    is_strict: bool,
) -> Claimant:
    """
    Read who a request says it is from.

    Args:
        api_key: of the header; empty: there was none.
        ip: where it came from.
        right: what the endpoint needs.
        is_strict: take a signature over the bytes as sent only.

    Raises:
        ApiRefusal: there is no key, no signature, no time, or the time is not of now.
    """
    if not api_key:
        raise errors.BadKeyFormat
    if not request.signature:
        raise errors.ParameterMissing(parameter="signature")
    moment = read_moment(request)
    moment.check()
    payloads = [request.payload]
    if not is_strict:
        decoded = request.decoded_payload
        payloads += [decoded] if decoded not in {None, request.payload} else []
    shown = accounts.keys.SignedRequest(
        api_key=api_key, payloads=payloads, signature=request.signature, ip=ip, right=right
    )
    return Claimant(shown=shown, moment=moment)


def identify(claimant: Claimant, *, at: datetime) -> Caller:
    """
    Return who signed a request.

    Args:
        at: the platform's time; the key's use is noted with it.

    Raises:
        ApiRefusal: one of `errors`, by what is wrong.
    """
    try:
        holder = accounts.keys.authenticate_key(claimant.shown, at=at)
    except (accounts.keys.ApiKeyRefused, accounts.keys.SignatureWrong) as refusal:
        raise _refusal_of(refusal) from refusal
    return claimant.caller(holder)


def identify_all(
    claimants: Sequence[Claimant], *, at: datetime
) -> list[Caller | errors.ApiRefusal]:
    """Return of each request what `identify` returns or raises: one question for all."""
    found = accounts.keys.authenticate_keys([one.shown for one in claimants], at=at)
    return [
        claimant.caller(one) if isinstance(one, accounts.keys.KeyHolder) else _refusal_of(one)
        for claimant, one in zip(claimants, found, strict=True)
    ]


def _refusal_of(
    refusal: accounts.keys.ApiKeyRefused | accounts.keys.SignatureWrong,
) -> errors.ApiRefusal:
    if isinstance(refusal, accounts.keys.SignatureWrong):
        return errors.SignatureInvalid()
    return errors.BadKeyFormat() if refusal.reason == "malformed" else errors.KeyRejected()


def microseconds(time: datetime) -> int:
    """Return a time as microseconds since 1970."""
    return (time - _EPOCH) // _MICROSECOND


def milliseconds(time: datetime) -> int:
    """Return a time as milliseconds since 1970, cut."""
    return microseconds(time) // 1_000
