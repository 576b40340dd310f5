"""A calendar entry (RFC 5545) for the end of a position."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from mooring.earn.api import PositionView
from mooring.web.figures import amount_text
from mooring.web.pages import product_words as words

_LINE_OCTETS_MAX = 75


def reminder(position: PositionView, *, url: str) -> bytes:
    """
    Return an entry at the end of a position's rewards, with an alarm.

    Source: RFC 5545: lines end in CRLF and are folded at 75 octets.
    """
    end = position.rewards_end or position.opened_at
    title = _("%(asset)s: the rewards of position %(id)s end") % {
        "asset": position.asset,
        "id": position.id,
    }
    text = _("%(product)s, %(amount)s") % {
        "product": words.name_of(position.product),
        "amount": amount_text(position.amount),
    }
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mooring//Earn//EN",
        "BEGIN:VEVENT",
        f"UID:position-{position.id}-end@mooring",
        f"DTSTAMP:{_time(position.opened_at)}",
        f"DTSTART:{_time(end)}",
        "DURATION:PT15M",
        f"SUMMARY:{_text(title)}",
        f"DESCRIPTION:{_text(text)}",
        f"URL:{url}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT0S",
        f"DESCRIPTION:{_text(title)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words_: str) -> str:
    escaped = words_.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    parts, part = [], b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > _LINE_OCTETS_MAX - 1:
            parts.append(part)
            part = b""
        part += octets
    return b"\r\n ".join([*parts, part])
