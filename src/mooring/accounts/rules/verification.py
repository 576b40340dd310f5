"""
What each level of verification asks for, and what is wrong with an answer (ACC-9).

Names and addresses are taken as people write them, in any script: there is no rule that every
real name follows. Only what nobody's name holds is declined.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

_ISO_3166: Final = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
    ZW
"""
#: ISO 3166-1 alpha-2, as of 2024.
COUNTRIES: Final = frozenset(_ISO_3166.split())
#: Characters; the longest names of passports have some two hundred.
TEXT_LENGTH_MAX: Final = 200
#: Shown to the customer, in a mail too.
REASON_LENGTH_MAX: Final = 300
LEVEL_MAX: Final = 2
_BIRTH_YEAR_MIN: Final = 1900
#: Joiners that scripts of Persia and India write inside words; other marks of format turn text
#: around or hide in it.
_JOINERS: Final = frozenset("\u200c\u200d")
#: Control, format, surrogate, private use, unassigned.
_UNREADABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class Flaw(StrEnum):
    """What is wrong with an answer of the form."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    #: Characters that cannot be seen, or not one letter.
    UNREADABLE = "unreadable"
    NO_DATE = "no_date"
    TOO_YOUNG = "too_young"
    UNKNOWN_COUNTRY = "unknown_country"
    #: More bytes than a picture may have.
    TOO_LARGE = "too_large"
    #: Neither JPEG nor PNG, whatever its name says.
    OTHER_TYPE = "other_type"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    #: The picture ends too early, or its content makes no sense.
    BROKEN = "broken"
    ANIMATED = "animated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a level asks for; names of pictures are those of `Document.Kind` in lower case."""

    texts: tuple[str, ...]
    texts_optional: tuple[str, ...] = ()
    pictures: tuple[str, ...]
    pictures_optional: tuple[str, ...] = ()


LEVELS: Final[Mapping[int, Level]] = {
    1: Level(
        texts=("legal_name", "birth_date", "country"),
        pictures=("identity_front", "portrait"),
        pictures_optional=("identity_back",),
    ),
    2: Level(
        texts=("street", "city", "address_country"),
        texts_optional=("postal_code", "region"),
        pictures=("address",),
    ),
}


def next_level(*, verified: int) -> int | None:
    """Return the level that can be asked for next; None from the highest."""
    return verified + 1 if verified < LEVEL_MAX else None


def read_texts(
    level: int, sent: Mapping[str, str], *, today: date, age_min: int
) -> tuple[dict[str, str], dict[str, Flaw]]:
    """
    Return the form's texts as they are kept, and what is wrong by the name of the field.

    Args:
        today: the UTC day on which the form is sent.
        age_min: years.
    """
    asked = LEVELS[level]
    kept = {name: one_line(sent.get(name, "")) for name in asked.texts + asked.texts_optional}
    flaws = {
        name: flaw
        for name, text in kept.items()
        if (flaw := _flaw_of(name, text, today=today, age_min=age_min)) is not None
        and (text or name in asked.texts)
    }
    return kept, flaws


def missing_pictures(level: int, sent: Mapping[str, bytes]) -> dict[str, Flaw]:
    """Return the pictures that the level needs and that were not sent, or hold nothing."""
    asked = LEVELS[level]
    missing = [name for name in asked.pictures if not sent.get(name)]
    empty = [name for name in asked.pictures_optional if name in sent and not sent[name]]
    return dict.fromkeys([*missing, *empty], Flaw.MISSING)


def one_line(text: str) -> str:
    """Return a text with its blanks as single spaces, composed as NFC."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_readable(text: str) -> bool:
    """Whether every character of a text can be seen, and stands where it is written."""
    return all(sign in _JOINERS or unicodedata.category(sign) not in _UNREADABLE for sign in text)


def age(born: date, *, today: date) -> int:
    """Return the whole years of somebody; who was born on 29 February has it on 1 March."""
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (0 if had_birthday else 1)


def _flaw_of(name: str, text: str, *, today: date, age_min: int) -> Flaw | None:
    if not text:
        return Flaw.MISSING
    if name == "birth_date":
        return _flaw_of_birth(text, today=today, age_min=age_min)
    if name in {"country", "address_country"}:
        return None if text in COUNTRIES else Flaw.UNKNOWN_COUNTRY
    if len(text) > TEXT_LENGTH_MAX:
        return Flaw.TOO_LONG
    has_sense = any(unicodedata.category(sign)[0] in "LN" for sign in text)
    return None if has_sense and is_readable(text) else Flaw.UNREADABLE


def _flaw_of_birth(text: str, *, today: date, age_min: int) -> Flaw | None:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return Flaw.NO_DATE
    if born.year < _BIRTH_YEAR_MIN or born > today or born.isoformat() != text:
        return Flaw.NO_DATE
    return None if age(born, today=today) >= age_min else Flaw.TOO_YOUNG
