"""
Translations without gettext: extract, compile and check with Babel alone.

`extract` reads Python and templates into the catalogue of every language, keeping what is
translated; `compile` writes the `.mo` files that Django reads (built, never committed);
`check` fails when a language is incomplete.

    python -m mooring.web.messages extract|compile|check
"""

import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = Path(__file__).resolve().parent / "locale"
LANGUAGES: Final = {"zh_Hans": "zh_Hans"}

_KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
_HEAD: Final = (
    "# Extracted by `python -m mooring.web.messages extract`; only msgstr is written by hand."
)
#: A date in the head would change with every extraction and say nothing.
_NEVER: Final = datetime(2026, 1, 1, tzinfo=UTC)
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue_path(language: str, suffix: str) -> Path:
    """Return where the catalogue of a language lies."""
    return LOCALE / language / "LC_MESSAGES" / f"django.{suffix}"


def extract_catalogues() -> None:
    """Bring the catalogue of every language up to the words that code and templates use."""
    template = _template()
    for language, locale in LANGUAGES.items():
        path = catalogue_path(language, "po")
        path.parent.mkdir(parents=True, exist_ok=True)
        old = _read(path) if path.exists() else Catalog()
        old = _with_our_head(old, locale)
        old.update(template, no_fuzzy_matching=True, update_creation_date=False)
        old.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, old, width=100, sort_output=True, omit_header=False)


def _with_our_head(old: Catalog, locale: str) -> Catalog:
    """Return a catalogue of the same messages whose head names nobody and never changes."""
    catalogue = Catalog(
        locale=locale,
        project="mooring",
        version="1",
        header_comment=_HEAD,
        creation_date=_NEVER,
        revision_date=_NEVER,
        last_translator="Mooring",
        language_team="Mooring",
        msgid_bugs_address="",
        fuzzy=False,
    )
    for message in old:
        if message.id:
            catalogue[message.id] = message
    return catalogue


def compile_catalogues() -> None:
    """Write each `.mo` that is missing or older than its `.po`."""
    for language in LANGUAGES:
        source, built = catalogue_path(language, "po"), catalogue_path(language, "mo")
        if source.exists() and not _is_newer(built, source):
            _write_whole(built, _read(source))


def problems() -> list[str]:
    """Return what is missing, fuzzy or inconsistent in any language; empty when complete."""
    template = _template()
    return [
        f"{language}: {problem}"
        for language in LANGUAGES
        for problem in _problems_of(template, _read(catalogue_path(language, "po")))
    ]


def _problems_of(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    for message in template:
        if not message.id:
            continue
        found = catalogue.get(message.id, message.context)
        if found is None or not all(_strings(found)):
            yield f"not translated: {message.id!r}"
        elif found.fuzzy:
            yield f"fuzzy: {message.id!r}"
        elif any(_placeholders(text) != _placeholders(_last(message)) for text in _strings(found)):
            yield f"placeholders differ: {message.id!r}"


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _last(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


def _template() -> Catalog:
    catalogue = Catalog(project="mooring", charset="utf-8")
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        for line, message, comments, context in _messages_in(path):
            # No line numbers: they would change with every edit and say little.
            place = [(str(path.relative_to(SOURCE)), 0)] if line else []
            catalogue.add(message, None, locations=place, auto_comments=comments, context=context)
    for entry in catalogue:
        # Babel writes a place without a line for None, though it says it wants a number.
        entry.locations = [(name, cast("int", None)) for name, _line in entry.locations]
    return catalogue


def _messages_in(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django's own translation of template syntax to something an extractor reads.
        text = templatize(text, origin=str(path))
    yield from extract(
        "python",
        io.BytesIO(text.encode()),
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _is_newer(built: Path, source: Path) -> bool:
    return built.exists() and built.stat().st_mtime >= source.stat().st_mtime


def _write_whole(path: Path, catalogue: Catalog) -> None:
    # Several processes may start at once; each must see a whole file or none.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".django-")
    with os.fdopen(handle, "wb") as file:
        write_mo(file, catalogue)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def _main(words: list[str]) -> int:
    verbs = {"extract": extract_catalogues, "compile": compile_catalogues}
    if len(words) == 1 and words[0] in verbs:
        verbs[words[0]]()
        return 0
    if words == ["check"]:
        found = problems()
        sys.stdout.writelines(f"{problem}\n" for problem in found)
        return 1 if found else 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
