"""The page for developers: what the gateway declares, arranged to be read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mooring.accounts import api as accounts
from mooring.gateway import api as gateway
from mooring.kernel import clock
from mooring.web import sandbox
from mooring.web.pages import developer_words as words
from mooring.web.pages.api_keys import rights_words
from mooring.web.pages.developer_snippets import Snippet, snippets
from mooring.web.visit import Visit

#: The ways to move the clock by the command line.
COMMANDS: Final = (
    "mooring clock show",
    "mooring clock advance 7d",
    "mooring clock advance until-next-event",
    "mooring clock set 2027-03-01T12:00:00Z",
    "mooring work --until-idle",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRow:
    """An endpoint in the table; `right` and `note` in the language of the page."""

    method: str
    path: str
    right: str
    weight: int
    weight_of: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Endpoints that belong together."""

    anchor: str
    name: str
    rows: tuple[EndpointRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Paths of a family that are answered -1020."""

    name: str
    paths: tuple[gateway.PathFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RightRow:
    """What a key may be allowed, and how many endpoints ask for it."""

    name: str
    words: str
    endpoints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRow:
    """A parameter with what it may hold, and in how many endpoints it is so."""

    name: str
    legal: str
    default: str
    endpoints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Both times of a sandbox, and the ways to move its own."""

    at: datetime
    wall: datetime
    steps: tuple[str | Promise, ...]
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopersPage:
    """
    What the page shows.

    Args:
        clock: None where the clock is the real one.
    """

    origin: str
    snippets: tuple[Snippet, ...]
    rights: tuple[RightRow, ...]
    clock: Clock | None
    differences: tuple[str, ...]
    families: tuple[Family, ...]
    endpoints: int
    missing: tuple[Missing, ...]
    unsupported: int
    parameters: tuple[ParameterRow, ...]
    codes: tuple[gateway.CodeFacts, ...]


def page(visit: Visit, *, origin: str) -> DevelopersPage:
    """
    Return the page, made of what is declared at this moment.

    Args:
        origin: scheme, host and port under which this server was asked.
    """
    endpoints, unsupported = gateway.list_endpoints(), gateway.list_unsupported()
    return DevelopersPage(
        origin=origin,
        snippets=snippets(origin),
        rights=_rights(endpoints),
        clock=_clock(visit) if settings.SANDBOX else None,
        differences=words.differences(gateway.limits_at(at=visit.at)),
        families=_families(endpoints),
        endpoints=len(endpoints),
        missing=_missing(unsupported),
        unsupported=len(unsupported),
        parameters=_parameters(endpoints),
        codes=gateway.list_codes(),
    )


def _clock(visit: Visit) -> Clock:
    return Clock(
        at=visit.at,
        wall=clock.wall(),
        steps=tuple(label for _by, label in sandbox.STEPS.values()),
        commands=COMMANDS,
    )


def _rights(endpoints: Iterable[gateway.EndpointFacts]) -> tuple[RightRow, ...]:
    asked = Counter(one.right for one in endpoints)
    about = {
        accounts.keys.Right.READ: _("Balances, positions, records. Every key has it."),
        accounts.keys.Right.TRADE: _("Subscribing, redeeming, transfers, and every switch."),
        accounts.keys.Right.WITHDRAW: _("Sending money away: no endpoint does that yet."),
    }
    keyless = RightRow(
        name=_("no key"), words=_("Prices, symbols, the time."), endpoints=asked[None]
    )
    return keyless, *(
        RightRow(name=rights_words([right]), words=text, endpoints=asked[right])
        for right, text in about.items()
    )


def _families(endpoints: Iterable[gateway.EndpointFacts]) -> tuple[Family, ...]:
    rows: dict[tuple[str, str], list[EndpointRow]] = {}
    for one in endpoints:
        rows.setdefault(words.family_of(one.path), []).append(_row(one))
    return tuple(
        Family(anchor=anchor, name=name, rows=tuple(rows[anchor, name]))
        for anchor, name in _in_order(rows)
    )


def _in_order(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return families as we show them, and those that we have no name for after them."""
    known = [anchor for anchor, _name, _words in words.FAMILIES]
    return sorted(
        found, key=lambda one: (known.index(one[0]) if one[0] in known else len(known), one)
    )


def _row(endpoint: gateway.EndpointFacts) -> EndpointRow:
    return EndpointRow(
        method=endpoint.method,
        path=endpoint.path,
        right=_("no key") if endpoint.right is None else rights_words([endpoint.right]),
        weight=endpoint.weight,
        weight_of=endpoint.weight_of,
        required=tuple(one.name for one in endpoint.parameters if one.is_required),
        optional=tuple(one.name for one in endpoint.parameters if not one.is_required),
        # Of an empty text gettext returns the head of its catalogue.
        note=_(endpoint.note) if endpoint.note else "",
    )


def _missing(paths: Iterable[gateway.PathFacts]) -> tuple[Missing, ...]:
    found: dict[tuple[str, str], list[gateway.PathFacts]] = {}
    for one in paths:
        found.setdefault(words.family_of(one.path), []).append(one)
    return tuple(
        Missing(name=name, paths=tuple(found[anchor, name])) for anchor, name in _in_order(found)
    )


def _parameters(endpoints: Iterable[gateway.EndpointFacts]) -> tuple[ParameterRow, ...]:
    used = Counter(
        (parameter.name, parameter.legal, parameter.default)
        for one in endpoints
        for parameter in one.parameters
    )
    return tuple(
        ParameterRow(name=name, legal=_(legal), default=default, endpoints=number)
        for (name, legal, default), number in sorted(used.items())
    )
