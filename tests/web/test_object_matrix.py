"""
Every address, asked by everybody, with every kind of id.

Goal: nobody reaches what is another's; another's is answered just as what is absent; nothing
fails. Method: all requests are made from the table in `matrix_rows`, in all methods; a new
address without a row fails.
"""

from collections.abc import Iterator

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from tests.web import matrix_world
from tests.web.matrix_rows import ROWS, Answer, Row, Visitor, address
from tests.web.matrix_things import CANARIES
from tests.web.matrix_world import World, alike, amounts_to, body

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


@pytest.fixture
def world(db: None, assets: None) -> World:
    return matrix_world.build()


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    addresses = {name for name, _ in _addresses(get_resolver().url_patterns)}
    rows = [row.name for row in ROWS]
    assert sorted(addresses) == sorted(rows)
    assert len(rows) == len(set(rows))


def test_every_id_in_an_address_is_asked_for() -> None:
    takes = dict(_addresses(get_resolver().url_patterns))
    unasked = [
        row.name
        for row in ROWS
        if set(takes[row.name].pattern.regex.groupindex)
        != ({row.parameter} if row.parameter else set())
    ]
    assert unasked == []


@pytest.mark.parametrize("visitor", Visitor)
def test_everybody_gets_what_the_table_says_and_nothing_of_the_owners(
    world: World, visitor: Visitor
) -> None:
    wrong = []
    for row in ROWS:
        for method, path, answers in _requests(world, row, visitor):
            response = world.ask(visitor, method, path)
            got = amounts_to(response)
            if got not in answers:
                wrong.append(f"{method} {path[:80]}: {got}, not {' or '.join(answers)}")
            if visitor is not Visitor.OWNER and visitor not in row.shows:
                wrong += [f"{method} {path[:80]} shows {what}" for what in _leaks(response)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("visitor", [Visitor.OTHER, Visitor.OWNER, Visitor.ANONYMOUS])
def test_what_is_anothers_is_answered_just_as_what_is_absent(
    world: World, visitor: Visitor
) -> None:
    """Status, headers, cookies and text, but for the id that was typed."""
    differing = []
    for row in ROWS:
        if not row.thing or row.is_public:
            continue
        theirs = world.things[row.thing]["owner" if visitor is not Visitor.OWNER else "other"]
        absent = world.absent(row.thing)[0]
        for method in sorted(row.methods):
            answers = [
                alike(world.ask(visitor, method, address(row, typed)), typed)
                for typed in (theirs, absent)
            ]
            if answers[0] != answers[1]:
                differing.append(f"{method} {row.name}")
    assert not differing, "\n".join(differing)


def test_the_owner_sees_what_nobody_else_does(world: World) -> None:
    """Or else the search for it would find nothing in any case; a reviewer sees a case."""
    shown = "".join(
        body(world.ask(visitor, "GET", address(row, typed)))
        for row in ROWS
        if "GET" in row.methods
        for visitor in (Visitor.OWNER, *row.shows & {Visitor.REVIEWER})
        for typed in ([world.things[row.thing]["owner"]] if row.thing else [""])
    )
    assert [what for what, text in CANARIES.items() if text not in shown] == []


def _requests(world: World, row: Row, visitor: Visitor) -> Iterator[tuple[str, str, set[Answer]]]:
    """Yield every method and address of a row with what may be answered."""
    for method in METHODS:
        ids = list(_ids(world, row, visitor, method))
        if method in row.methods:
            yield from ((method, address(row, typed), answers) for typed, answers in ids)
        else:
            typed, answers = ids[0]
            refused = (answers | {Answer.NOT_ALLOWED}) - {Answer.PAGE}
            yield method, address(row, typed), refused


def _ids(
    world: World, row: Row, visitor: Visitor, method: str
) -> Iterator[tuple[str, set[Answer]]]:
    expected = row.expected(visitor)
    if not row.thing:
        yield "", {expected}
        return
    own = {Visitor.OWNER: "owner", Visitor.OTHER: "other"}.get(visitor)
    absent = row.expected_of_absent(visitor, method)
    for whose, typed in world.things[row.thing].items():
        yield typed, {expected if row.is_public or whose == own else absent}
    # What is asked for is looked at after who asks: strangers and one customer try everything.
    is_thorough = visitor in {Visitor.ANONYMOUS, Visitor.OWNER, Visitor.REVIEWER}
    several = slice(None) if is_thorough and method == min(row.methods) else slice(1)
    for typed in world.absent(row.thing)[several]:
        yield typed, {absent}
    for typed in world.malformed(row.thing)[several]:
        # No such address, or one that is asked for like any other.
        yield typed, {Answer.ABSENT, absent}


def _leaks(response: object) -> list[str]:
    text = body(response) + str(response.headers)
    return [what for what, secret in CANARIES.items() if secret in text]


def _addresses(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns)
        else:
            yield pattern.name or str(pattern.pattern), pattern
