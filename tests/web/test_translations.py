"""Every word is said in both languages, and with the same facts in it."""

from babel.messages.catalog import Catalog

from mooring.web import messages


def test_no_language_is_incomplete() -> None:
    assert messages.problems() == []


def test_what_is_missing_fuzzy_or_says_other_facts_is_found() -> None:
    template, translated = Catalog(), Catalog(locale="zh_Hans")
    for text in ("Missing", "Fuzzy", "%(n)s left", "Fine %(n)s"):
        template.add(text)
    translated.add("Fuzzy", "模糊", flags=("fuzzy",))
    translated.add("%(n)s left", "剩余 %(m)s")
    translated.add("Fine %(n)s", "好 %(n)s")
    found = sorted(messages._problems_of(template, translated))
    assert found == [
        "fuzzy: 'Fuzzy'",
        "not translated: 'Missing'",
        "placeholders differ: '%(n)s left'",
    ]
