"""
What people log in with: an e-mail address or a mobile number, in the one form it is kept in.

Two texts that reach the same person are one value here, so that what is equal to a person is
equal to the database, and no two values look alike.
"""

import re
from dataclasses import dataclass
from typing import Final

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from mooring.accounts.entrance.errors import IdentifierMalformed
from mooring.accounts.models import Channel

#: As `accounts_user.email`. Source: RFC 5321 §4.5.3.1 with the brackets taken off.
LENGTH_MAX: Final = 254
_LOCAL_LENGTH_MAX: Final = 64

_check_email: Final = EmailValidator(allowlist=[])
#: Quoted local parts and addresses in brackets are mail of another age; nobody's look like it.
_LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_NUMBER: Final = re.compile(r"\+[0-9 ().\-/\u00a0]+")
#: What a text message can be expected to reach; others are landlines or cost who calls them.
_MOBILE: Final = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


@dataclass(frozen=True, slots=True)
class Identifier:
    """An address or number in canonical form, and which way it is written to."""

    channel: Channel
    value: str


def read_identifier(text: str) -> Identifier:
    """
    Return the canonical form of an e-mail address or a mobile number.

    Addresses become small ASCII letters, a domain in other letters its Punycode; numbers are
    E.164 and begin with + (or 00) and the country's code.

    Raises:
        IdentifierMalformed: it is neither.
    """
    typed = text.strip()
    if len(typed) > LENGTH_MAX:
        raise IdentifierMalformed
    return read_email(typed) if "@" in typed else read_phone(typed)


def read_email(text: str) -> Identifier:
    """
    Return the canonical form of an e-mail address.

    Raises:
        IdentifierMalformed: it is none that we can write to.
    """
    local, at_sign, domain = text.strip().rpartition("@")
    value = f"{local.lower()}@{_ascii_domain(domain)}"
    if (
        not at_sign
        or len(value) > LENGTH_MAX
        or len(local) > _LOCAL_LENGTH_MAX
        or "[" in domain
        or not local.isascii()
        or not _LOCAL.fullmatch(local.lower())
    ):
        raise IdentifierMalformed
    try:
        _check_email(value)
    except ValidationError as error:
        raise IdentifierMalformed from error
    return Identifier(Channel.EMAIL, value)


def read_phone(text: str) -> Identifier:
    """
    Return the canonical form of a mobile number.

    Raises:
        IdentifierMalformed: it is none, or its country is missing.
    """
    typed = re.sub(r"^00", "+", text.strip())
    if not _NUMBER.fullmatch(typed) or len(typed) > _LOCAL_LENGTH_MAX:
        raise IdentifierMalformed
    try:
        number = phonenumbers.parse(typed)
    except NumberParseException as error:
        raise IdentifierMalformed from error
    if phonenumbers.number_type(number) not in _MOBILE:
        raise IdentifierMalformed
    return Identifier(Channel.SMS, phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _ascii_domain(domain: str) -> str:
    """
    Return a domain in the letters that mail is sent with.

    A domain that does not come back as it was is refused: the older rules for letters turn some
    into others, and another domain is another mailbox.
    """
    plain = domain.lower()
    if plain.isascii():
        return plain
    try:
        encoded = plain.encode("idna")
        if encoded.decode("idna") != plain:
            raise IdentifierMalformed
    except UnicodeError as error:
        raise IdentifierMalformed from error
    return encoded.decode("ascii").lower()
