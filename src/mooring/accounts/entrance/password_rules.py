"""
What a new password must be: long enough, not one that everybody tries, not made of its person.

No rule asks for capitals, digits or signs: length is what costs a guesser time. What is typed is
taken to the letter, blanks included.

Source: NIST SP 800-63B §5.1.1.2; ASVS 5.0.0 §6.2.
"""

import re
from typing import Any, Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mooring.accounts.models import User

LENGTH_MIN: Final = 12
LENGTH_MAX: Final = 128
#: How much of a password must be left without what is known of its person.
_OWN_MIN: Final = 8
#: Shorter pieces of an address are in too many good passwords.
_PIECE_MIN: Final = 4
_OUR_NAME: Final = "mooring"
_SIGNS: Final = re.compile(r"[\W_]+")
_REPEATED: Final = re.compile(r"(.+?)\1+", re.DOTALL)


class Length:
    """12 to 128 characters."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's shape
        """
        Refuse what is too short or too long.

        Raises:
            ValidationError: with a sentence for people.
        """
        if len(password) < LENGTH_MIN:
            raise ValidationError(
                _("Use at least %(count)d characters. Four random words do well."),
                code="password_too_short",
                params={"count": LENGTH_MIN},
            )
        if len(password) > LENGTH_MAX:
            raise ValidationError(
                _("Use at most %(count)d characters."),
                code="password_too_long",
                params={"count": LENGTH_MAX},
            )

    def get_help_text(self) -> str:
        """Return the rule in a sentence."""
        return _("At least 12 characters. Four random words do well.")


class NotCommon(CommonPasswordValidator):
    """
    Not on Django's list of 20,000 passwords that everybody tries, whatever the letter case.

    Nor one of them, or a few characters, over and over: they are tried next.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """
        Refuse a password of the list.

        Raises:
            ValidationError: with a sentence for people.
        """
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(
                _("This password is on the lists that everybody tries first. Choose another one."),
                code="password_too_common",
            ) from error
        repeated = _REPEATED.fullmatch(_SIGNS.sub("", password.casefold()) or password)
        if repeated and (len(repeated[1]) < _OWN_MIN or repeated[1] in self.passwords):
            raise ValidationError(
                _(
                    "This password repeats a few characters, or a word that everybody tries "
                    "first. Choose another one."
                ),
                code="password_repeats",
            )


class NotAboutThem:
    """Not made of the person's address or number, or of our name."""

    def validate(self, password: str, user: Any = None) -> None:
        """
        Refuse what is too short once all that is known of the person is taken out of it.

        Args:
            user: whose it will be; its address and number need not be saved.

        Raises:
            ValidationError: with a sentence for people.
        """
        left = _SIGNS.sub("", password.casefold())
        for piece in sorted(_known_of(user), key=len, reverse=True):
            left = left.replace(piece, "")
        if len(left) < min(_OWN_MIN, len(_SIGNS.sub("", password))):
            raise ValidationError(
                _(
                    "This password is made of your address or number, or of our name. Choose "
                    "words that nobody connects with you."
                ),
                code="password_about_the_person",
            )

    def get_help_text(self) -> str:
        """Return the rule in a sentence."""
        return _("Not made of your address or number, or of our name.")


def _known_of(user: User | None) -> set[str]:
    """Return the pieces that anybody knows who knows the person, without signs."""
    email = (getattr(user, "email", None) or "").casefold()
    phone = getattr(user, "phone", None) or ""
    local, _at, domain = email.partition("@")
    texts = [email, local, *domain.split("."), *re.split(r"[\W_\d]+", local), phone]
    pieces = {_SIGNS.sub("", text) for text in texts}
    return {piece for piece in pieces if len(piece) >= _PIECE_MIN} | {_OUR_NAME}
