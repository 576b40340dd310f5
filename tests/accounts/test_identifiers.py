"""One person, one spelling: addresses and numbers in the form they are kept in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.accounts.entrance.errors import IdentifierMalformed
from mooring.accounts.entrance.identifiers import Identifier, read_identifier
from mooring.accounts.models import Channel


@pytest.mark.parametrize(
    ("typed", "channel", "value"),
    [
        ("alice@example.com", "EMAIL", "alice@example.com"),
        ("  Alice.B+news@Example.COM ", "EMAIL", "alice.b+news@example.com"),
        ("alice@bücher.example", "EMAIL", "alice@xn--bcher-kva.example"),
        ("ALICE@BÜCHER.example", "EMAIL", "alice@xn--bcher-kva.example"),
        ("alice@xn--bcher-kva.example", "EMAIL", "alice@xn--bcher-kva.example"),
        ("+49 1512 3456789", "SMS", "+4915123456789"),
        ("0049 (1512) 345-6789", "SMS", "+4915123456789"),
        ("+1 (415) 555-2671", "SMS", "+14155552671"),
        ("+86 138 0013 8000", "SMS", "+8613800138000"),
    ],
)
def test_what_reaches_one_person_is_one_value(typed, channel, value):
    assert read_identifier(typed) == Identifier(Channel(channel), value)


@pytest.mark.parametrize(
    ("case", "typed"),
    [
        ("nothing", ""),
        ("blanks", "   "),
        ("no domain", "alice@"),
        ("no name", "@example.com"),
        ("two ats", "alice@bob@example.com"),
        ("a blank inside", "al ice@example.com"),
        ("a quoted name", '"alice"@example.com'),
        ("a name in other letters", "älice@example.com"),
        ("a Cyrillic letter that looks like a", "\u0430lice@example.com"),
        ("the Kelvin sign", "\u212aate@example.com"),
        ("a dotless i", "al\u0131ce@example.com"),
        ("full-width letters", "\uff41lice@example.com"),
        ("a domain that would become another", "alice@stra\u00dfe.example"),
        ("a full-width dot", "alice@example\uff0ecom"),
        ("a domain in brackets", "alice@[127.0.0.1]"),
        ("a line break", "alice@example.com\nBcc: bob@example.com"),
        ("NUL", "alice\x00@example.com"),
        ("no top domain", "alice@localhost"),
        ("a very long address", "a" * 60 + "@" + "b" * 200 + ".example"),
        ("a number without a country", "01512 3456789"),
        ("too few digits", "+49 1512"),
        ("a landline", "+49 30 123456"),
        ("a number that costs who calls", "+49 900 1234567"),
        ("an extension", "+49 1512 3456789 ext. 5"),
        ("other digits", "+\u0664\u0669 1512 3456789"),
        ("very many digits", "+" + "1" * 5_000),
    ],
)
def test_what_is_neither_is_refused(case, typed):
    with pytest.raises(IdentifierMalformed):
        read_identifier(typed)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_and_reading_twice_changes_nothing(text):
    try:
        found = read_identifier(text)
    except IdentifierMalformed:
        return
    assert read_identifier(found.value) == found
    assert found.value.isascii()
    assert found.value == found.value.lower()


@given(st.from_regex(r"[a-zA-Z0-9._+-]{1,20}@[a-zA-Z0-9äöü.-]{1,20}\.[a-z]{2,5}", fullmatch=True))
def test_letter_case_makes_no_other_person(text):
    try:
        found = read_identifier(text)
    except IdentifierMalformed:
        return
    assert read_identifier(text.upper()) == found
