"""
How a notice is written: a text of its kind in a person's language, with the facts put in.

Texts are plain, so nothing is escaped; instead every fact is one line without control characters
before it reaches a text. No fact can begin a line, a header or another part of the message.
"""

import functools
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.template import Context, Engine, Template

from mooring.kernel.errors import Fault
from mooring.notices.catalogue import TOPICS

TEXTS: Final = Path(__file__).parent / "texts"
SMS_LENGTH_MAX: Final = 140
SUBJECT_LENGTH_MAX: Final = 200
_FACT_LENGTH_MAX: Final = 300
_DEFAULT_LANGUAGE: Final = "en"


class NoText(Fault):
    """A message is of a kind that has no text: `notices.catalogue` does not know it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """The parts of a kind's text in one language."""

    subject: Template
    sms: Template
    sms_advice: Template
    body: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """
    A notice in words: one line of subject, the body of mail and inbox, and a short text.

    `sms_advice` follows the short text where it has no link to act with.
    """

    subject: str
    body: str
    sms: str
    sms_advice: str


def write(kind: str, language: str, facts: Mapping[str, str], *, at: datetime) -> Written:
    """
    Write a notice.

    Args:
        facts: by the names that the texts use; a fact that they do not use is left out.
        at: platform time of the cause, UTC.

    Raises:
        NoText: the kind is not in the catalogue.
    """
    if kind not in TOPICS:
        raise NoText(f"there is no text for a notice of kind {kind}")
    folder = folder_of(language)
    text = _text(kind, folder)
    plain = {name: one_line(value) for name, value in facts.items()}
    values = {**plain, "when": f"{at:%Y-%m-%d %H:%M} UTC", "site_url": settings.SITE_URL}
    values["where"] = _part("_where", folder).render(_context(values)).strip()
    context = _context(values)
    return Written(
        subject=one_line(text.subject.render(context))[:SUBJECT_LENGTH_MAX],
        body=_tidy(text.body.render(context)),
        sms=one_line(text.sms.render(context))[:SMS_LENGTH_MAX],
        sms_advice=one_line(text.sms_advice.render(context)),
    )


def frame_mail(body: str, language: str, *, anti_phishing_code: str, disable_url: str) -> str:
    """Return a mail's whole text: the person's own code above, what they can do below."""
    values = {
        "body": body,
        "anti_phishing_code": one_line(anti_phishing_code),
        "disable_url": disable_url,
        "site_url": settings.SITE_URL,
    }
    return _tidy(_part("_mail", folder_of(language)).render(_context(values)))


def frame_sms(written: Written, language: str, *, disable_url: str) -> str:
    """
    Return a short text with the link that disables the account, or with advice.

    Whichever has no room is left out whole: half a link is none.
    """
    values = {"text": written.sms, "disable_url": disable_url}
    with_link = one_line(_part("_sms", folder_of(language)).render(_context(values)))
    with_advice = f"{written.sms} {written.sms_advice}".strip()
    fitting = [text for text in (with_link, with_advice) if len(text) <= SMS_LENGTH_MAX]
    if not disable_url:
        fitting = [text for text in fitting if text == with_advice]
    return fitting[0] if fitting else written.sms


def one_line(value: str) -> str:
    """Return a text as one line: every control, format and separating character is a blank."""
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in str(value))
    return " ".join(plain.split())[:_FACT_LENGTH_MAX]


def folder_of(language: str) -> str:
    """Return the folder of a language's texts; English for a language that has none."""
    known = {code for code, _ in settings.LANGUAGES}
    return (language if language in known else _DEFAULT_LANGUAGE).replace("-", "_")


@functools.cache
def _text(kind: str, folder: str) -> _Text:
    head, _, body = _source(kind, folder).partition("\n\n")
    lines = dict(line.split(": ", maxsplit=1) for line in head.splitlines())
    return _Text(
        subject=_compiled(lines["Subject"]),
        sms=_compiled(lines["SMS"]),
        sms_advice=_compiled(lines.get("SMS advice", "")),
        body=_compiled(body),
    )


@functools.cache
def _part(name: str, folder: str) -> Template:
    return _compiled(_source(name, folder))


def _source(name: str, folder: str) -> str:
    return (TEXTS / folder / f"{name}.txt").read_text(encoding="utf-8")


def _compiled(source: str) -> Template:
    return Template(source, engine=_engine())


@functools.cache
def _engine() -> Engine:
    return Engine(builtins=["mooring.notices.words"])


def _context(values: Mapping[str, str]) -> Context:
    """Return the values of a text; plain text has nothing to escape."""
    return Context(values, autoescape=False)


def _tidy(text: str) -> str:
    """Return a text without blanks at line ends and with one empty line between paragraphs."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [
        line for number, line in enumerate(lines) if line or (number and lines[number - 1].strip())
    ]
    return "\n".join(kept) + "\n"
