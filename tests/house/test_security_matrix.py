"""
The matrix in docs/security.md is whole: each item has a test that exists, or a reason.

The levels are those of OWASP ASVS 5.0.0: facts, by section; the nth digit is the level of the
nth item.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

from tests.house.tree import REPOSITORY

LEVELS = {
    "1.1": "22",
    "1.2": "1111122223",
    "1.3": "112222222223",
    "1.4": "222",
    "1.5": "123",
    "2.1": "122",
    "2.2": "112",
    "2.3": "12223",
    "2.4": "23",
    "3.1": "3",
    "3.2": "113",
    "3.3": "12223",
    "3.4": "11222233",
    "3.5": "11122333",
    "3.6": "3",
    "3.7": "22333",
    "4.1": "12233",
    "4.2": "23333",
    "4.3": "22",
    "4.4": "1222",
    "5.1": "2",
    "5.2": "112333",
    "5.3": "113",
    "5.4": "222",
    "6.1": "122",
    "6.2": "111111112222",
    "6.3": "11223333",
    "6.4": "112233",
    "6.5": "22222333",
    "6.6": "2223",
    "6.7": "33",
    "6.8": "2222",
    "7.1": "222",
    "7.2": "1111",
    "7.3": "22",
    "7.4": "11222",
    "7.5": "223",
    "7.6": "22",
    "8.1": "1233",
    "8.2": "1123",
    "8.3": "133",
    "8.4": "23",
    "9.1": "111",
    "9.2": "1222",
    "11.1": "2233",
    "11.2": "22233",
    "11.3": "11233",
    "11.4": "1222",
    "11.5": "23",
    "11.6": "23",
    "11.7": "33",
    "12.1": "12233",
    "12.2": "11",
    "12.3": "22223",
    "13.1": "2333",
    "13.2": "222223",
    "13.3": "2233",
    "13.4": "1222233",
    "14.1": "22",
    "14.2": "12223333",
    "14.3": "122",
    "15.1": "12233",
    "15.2": "12233",
    "15.3": "1222222",
    "15.4": "3333",
    "16.1": "2",
    "16.2": "22222",
    "16.3": "2222",
    "16.4": "222",
    "16.5": "2223",
}
#: Of level 3, those that matter most for people's money.
WANTED_OF_LEVEL_3 = {
    *("2.3.5", "4.1.5", "5.2.6", "6.3.5", "6.3.6", "6.3.7", "6.3.8", "6.4.6", "6.5.6", "6.5.8"),
    *("7.5.3", "8.3.2", "11.2.4", "15.4.2", "16.5.4", "1.2.10"),
}
#: Chapters that are used nowhere, and said to be.
NOT_USED = ("**V10**", "**V17**")
REASON_LENGTH = 10
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_TEST = re.compile(r"^`(tests/[\w/]+\.py)::(test_\w+)`$")
_REASON = re.compile(r"^\*(N/A|deviation)\*: (.+)$")
DOCUMENT = (REPOSITORY / "docs" / "security.md").read_text()
ROWS = _ROW.findall(DOCUMENT)


def items() -> dict[str, int]:
    """Return the level of every item of the chapters that are used."""
    return {
        f"{section}.{number}": int(level)
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, start=1)
    }


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return the names of the tests in a file."""
    found = re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    return frozenset(found)


def test_every_item_of_the_chapters_has_a_row() -> None:
    wanted = {item for item, level in items().items() if level < 3} | WANTED_OF_LEVEL_3
    assert sorted(wanted - {row[0] for row in ROWS}) == []


def test_no_item_has_two_rows_and_each_says_its_level() -> None:
    twice = [item for item, count in Counter(row[0] for row in ROWS).items() if count > 1]
    assert twice == []
    assert [item for item, level, *_ in ROWS if items().get(item) != int(level)] == []


def test_chapters_that_are_not_used_are_named() -> None:
    assert [chapter for chapter in NOT_USED if chapter not in DOCUMENT] == []


def test_every_row_has_a_test_that_exists_or_a_reason() -> None:
    blank = [item for item, _, what, how, proof in ROWS if not _is_shown(what, how, proof)]
    assert blank == []


def test_every_test_that_the_document_names_exists() -> None:
    known = {name for path in (REPOSITORY / "tests").rglob("test_*.py") for name in names_in(path)}
    named = set(re.findall(r"`(?:tests/[\w/]+\.py::)?(test_\w+)`", DOCUMENT))
    assert named
    assert sorted(named - known) == []


def test_a_row_without_proof_is_caught() -> None:
    for proof in ("", "—", "`tests/web/test_headers.py::test_that_is_not_there`", "*N/A*: no"):
        assert not _is_shown("what is asked", "how it holds", proof), proof
    assert _is_shown("what is asked", "how it holds", "*N/A*: nothing of the kind is done here")


def _is_shown(what: str, how: str, proof: str) -> bool:
    if reason := _REASON.match(proof):
        return len(reason[2]) >= REASON_LENGTH and bool(what.strip())
    if named := _TEST.match(proof):
        path = REPOSITORY / named[1]
        return path.exists() and named[2] in names_in(path) and len(how.strip("— ")) > 0
    return False
