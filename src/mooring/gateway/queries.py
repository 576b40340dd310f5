"""What the API is, made of its declarations and tables: for the page of developers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mooring.gateway.binance import errors
from mooring.gateway.binance.elsewhere import ELSEWHERE
from mooring.gateway.binance.endpoints import Endpoint, Right
from mooring.gateway.binance.meter import Limits, read_limits
from mooring.gateway.binance.parameters import Parameter
from mooring.gateway.binance.refusals import CODES, status_of
from mooring.gateway.binance.table import ENDPOINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterFacts:
    """
    A parameter of an endpoint.

    Args:
        legal: what is allowed: a pattern, a range, or words.
        default: what it is if it was not sent; empty: there is none.
    """

    name: str
    is_required: bool
    legal: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointFacts:
    """
    What is declared of an endpoint.

    Args:
        right: what a key must be allowed; None: no key is needed.
        weight_of: whose budget is used: an address's (IP) or an account's (UID).
        note: where we differ from the original, not yet translated.
    """

    method: str
    path: str
    right: Right | None
    weight_of: str
    weight: int
    parameters: tuple[ParameterFacts, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PathFacts:
    """A method of a path that the exchange has, and this platform has not."""

    path: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFacts:
    """
    A code with one of its sentences.

    Args:
        reasons: the codes of the apps' own refusals that are answered so.
    """

    number: int
    status: int
    sentence: str
    reasons: tuple[str, ...]


def list_endpoints() -> tuple[EndpointFacts, ...]:
    """Return every endpoint, by path and method."""
    found = sorted(ENDPOINTS.values(), key=lambda one: (one.path, one.method))
    return tuple(_facts_of(one) for one in found)


def _facts_of(endpoint: Endpoint) -> EndpointFacts:
    return EndpointFacts(
        method=endpoint.method,
        path=endpoint.path,
        right=endpoint.right,
        weight_of=endpoint.weight.of,
        weight=endpoint.weight.units,
        parameters=tuple(_parameter_facts(one) for one in endpoint.parameters),
        note=endpoint.note,
    )


def _parameter_facts(parameter: Parameter[Any]) -> ParameterFacts:
    return ParameterFacts(
        name=parameter.name,
        is_required=parameter.is_required,
        legal=parameter.legal,
        default=_text_of(parameter.default),
    )


def _text_of(default: object) -> str:
    """Return a default as a client would send it."""
    if default is None:
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def list_unsupported() -> tuple[PathFacts, ...]:
    """Return what the exchange has and is answered -1020 here, by path and method."""
    missing = ELSEWHERE - set(ENDPOINTS)
    return tuple(sorted(PathFacts(path=path, method=method) for method, path in missing))


def list_codes() -> tuple[CodeFacts, ...]:
    """Return every code that can be answered, the smallest number first."""
    reasons: dict[tuple[int, int, str], set[str]] = defaultdict(set)
    for code, (number, sentence) in CODES.items():
        reasons[number, status_of(number), sentence].add(code)
    for one in _own_refusals(errors.ApiRefusal):
        for sample in one.samples():
            reasons[sample.number, sample.status, str(sample)].update()
    for status, number, sentence in (errors.FAULT, errors.AWAY, errors.OUTCOME_UNKNOWN):
        reasons[number, status, sentence].update()
    return tuple(
        CodeFacts(number=number, status=status, sentence=sentence, reasons=tuple(sorted(codes)))
        for (number, status, sentence), codes in sorted(
            reasons.items(), key=lambda one: (-one[0][0], one[0][1:])
        )
    )


def _own_refusals(parent: type[errors.ApiRefusal]) -> Iterator[type[errors.ApiRefusal]]:
    for one in parent.__subclasses__():
        yield one
        yield from _own_refusals(one)


def limits_at(*, at: datetime) -> Limits:
    """Return how much of the API may be used, by the policies in force."""
    return read_limits(at=at)
